"""How many posts a search finds: told by a counter where there is one, counted otherwise (behaviour D.6)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db import connection

from booru.models import Post
from booru.posts.search.metatags.favorites import favorites_owner
from booru.posts.search.metatags.pools import pools_named

if TYPE_CHECKING:
    from booru.posts.search.post_search import PostSearch

# Below this the posts are counted, from it on estimated.
_EXACT_BELOW = 20_000
_SECONDS = 5 * 60


def count(search: PostSearch) -> int:
    query = search.query
    if query.simple_tag is not None:
        return max(search.tags.counts[query.simple_tag], 0)
    if query.is_null:
        return 0
    if query.is_empty or query.metatag("rating") is not None:
        return _estimate(search)
    pool = query.metatag("pool")
    if pool is not None and pool.lower() not in {"any", "none", "series", "collection"}:
        return sum(len(ids) for ids in pools_named(pool).values_list("post_ids", flat=True))
    favorites = query.metatag("fav")
    if favorites is not None:
        user = favorites_owner(favorites, search.searcher)
        return user.favorite_count if user else 0
    return _counted(search)


def _estimate(search: PostSearch) -> int:
    """What the planner expects; exact where that is little."""
    expected = _all_posts() if search.query.is_empty else _planned_rows(search)
    return expected if expected >= _EXACT_BELOW else _counted(search)


def _all_posts() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [Post._meta.db_table]
        )
        return int(cursor.fetchone()[0])


def _planned_rows(search: PostSearch) -> int:
    sql, parameters = search.posts().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", parameters)
        return int(cursor.fetchone()[0][0]["Plan"]["Plan Rows"])


def _counted(search: PostSearch) -> int:
    user = search.searcher.user
    words = f"{user.pk if user else 0} {search.query.tree}"
    key = f"post_search_count:{hashlib.sha256(words.encode()).hexdigest()}"
    found = cache.get(key)
    if found is None:
        found = search.posts().count()
        cache.set(key, found, _SECONDS)
    return int(found)
