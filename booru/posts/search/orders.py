"""`order:` and its like: in which order posts are shown (behaviour D.5)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db.models import BigIntegerField, F, Func, OuterRef, Subquery

from booru.models import Favorite
from booru.posts.search.columns import COUNTED
from booru.posts.search.metatags.favorites import favorites_owner, visible_groups
from booru.posts.search.metatags.numbers import NUMBERS
from booru.posts.search.metatags.pools import pools_named
from booru.search.language.tree import Metatag, terms_of

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet
    from django.db.models.expressions import OrderBy

    from booru.models import Post
    from booru.posts.search.searcher import Searcher
    from booru.search.language.tree import Node

NEWEST_FIRST = [F("id").desc()]
_KEYS = {
    **NUMBERS,
    **{name: name for name in COUNTED},
    "created_at": "created_at",
    "date": "created_at",
    "change": "updated_at",
    "md5": "md5",
    "mpixels": "mpixels",
    "ratio": "ratio",
    "filesize": "file_size",
}
# These stand for another order.
_SYNONYMS = {"landscape": "ratio_desc", "portrait": "ratio_asc"}
_DIRECTION = re.compile("(.+?)(?:_(asc|desc))?")
# All others begin with the most, or the newest.
_ASCENDING = frozenset({"id"})


def in_order(posts: QuerySet[Post], tree: Node, searcher: Searcher) -> QuerySet[Post] | None:
    """The posts as the search wants them; None when it does not say, and the newest come first."""
    metatags = [term for term in terms_of(tree) if isinstance(term, Metatag)]
    for term in metatags:
        if term.name == "order" and (wanted := _by_order(posts, term.value.lower(), metatags)) is not None:
            return wanted
        if term.name in _SPECIAL and (wanted := _SPECIAL[term.name](posts, term.value, searcher)) is not None:
            return wanted
    if any(term.name in {"date", "age"} for term in metatags):
        return posts.order_by("-created_at", "-id")
    return None


def same_order(value: str) -> str:
    """One spelling for all that mean the same order: `ID` and `id_asc`, `score` and `score_desc`."""
    value = _SYNONYMS.get(value.lower(), value.lower())
    match = _DIRECTION.fullmatch(value)
    if match is None or match[1] not in _KEYS:
        return value
    return f"{match[1]}_{match[2] or ('asc' if match[1] in _ASCENDING else 'desc')}"


def _by_order(posts: QuerySet[Post], value: str, metatags: list[Metatag]) -> QuerySet[Post] | None:
    if value == "random":
        return posts.order_by("?")
    if value == "custom":
        return _as_listed(posts, metatags)
    name, _, direction = same_order(value).rpartition("_")
    key = _KEYS.get(name)
    return posts.order_by(*_by_key(key, is_ascending=direction == "asc")) if key else None


def _by_key(key: str, *, is_ascending: bool) -> list[OrderBy]:
    """Posts that are equal in it follow each other in the same direction."""
    first = F(key).asc(nulls_last=True) if is_ascending else F(key).desc(nulls_last=True)
    by_id = F("id").asc() if is_ascending else F("id").desc()
    return [by_id] if key == "id" else [first, by_id]


def _as_listed(posts: QuerySet[Post], metatags: list[Metatag]) -> QuerySet[Post] | None:
    """`order:custom id:3,1,2` keeps that order."""
    for term in metatags:
        ids = term.value.split(",")
        if term.name == "id" and all(re.fullmatch("[0-9]{1,18}", text) for text in ids):
            return posts.order_by(_Position(_Ids(ids), F("id")))
    return None


class _Ids(Func):
    """A list of ids that stands in the search."""

    template = "ARRAY[%(ids)s]::bigint[]"
    output_field = BigIntegerField()

    def __init__(self, ids: list[str]) -> None:
        super().__init__(ids=",".join(str(int(text)) for text in ids))


class _Position(Func):
    function = "array_position"
    output_field = BigIntegerField()


def _by_favorites(posts: QuerySet[Post], name: str, searcher: Searcher) -> QuerySet[Post] | None:
    """The last favorite first."""
    user = favorites_owner(name, searcher)
    if user is None:
        return None
    favorite = Subquery(Favorite.objects.filter(user=user, post=OuterRef("pk")).values("id"))
    return posts.order_by(favorite.desc(), "-id")


def _by_pool(posts: QuerySet[Post], name: str, searcher: Searcher) -> QuerySet[Post] | None:  # noqa: ARG001
    return _by_place(posts, pools_named(name).order_by("id"))


def _by_favorite_group(posts: QuerySet[Post], name: str, searcher: Searcher) -> QuerySet[Post] | None:
    return _by_place(posts, visible_groups(name, searcher).order_by("id"))


def _by_place(posts: QuerySet[Post], records: QuerySet[Model]) -> QuerySet[Post]:
    """As in the list of the first of the records."""
    return posts.order_by(
        _Position(Subquery(records.values("post_ids")[:1]), F("id")).asc(nulls_last=True), "-id"
    )


_SPECIAL = {"ordfav": _by_favorites, "ordpool": _by_pool, "ordfavgroup": _by_favorite_group}
