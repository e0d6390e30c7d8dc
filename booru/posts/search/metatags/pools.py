"""`pool:` and `ordpool:`: by name, by id, or by what kind of pool a post is in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F, Func, Q

from booru.models import Pool
from booru.posts.search.metatags.registry import metatag
from booru.rules.pool_names import normalize_pool_name

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from booru.posts.search.searcher import Searcher
    from booru.search.language.tree import Metatag


@metatag("pool", "ordpool")
def pools(term: Metatag, searcher: Searcher) -> Q:  # noqa: ARG001
    kept = Pool.objects.filter(is_deleted=False)
    match term.value.lower():
        case "none":
            return ~_in_any_of(kept)
        case "any":
            return _in_any_of(kept)
        case "series" | "collection" as category:
            return _in_any_of(kept.filter(category=category))
    return _in_any_of(pools_named(term.value))


def pools_named(name: str) -> QuerySet[Pool]:
    """The pool of this id or name; with stars, all whose names fit. Deleted ones too."""
    if name.isascii() and name.isdigit():
        return Pool.objects.filter(pk=int(name)) if len(name) < 19 else Pool.objects.none()
    name = normalize_pool_name(name)
    if "*" in name:
        return Pool.objects.filter(name__matches=name)
    # Spelled as the unique index is.
    return Pool.objects.filter(name__lower=name.lower())


def _in_any_of(pools: QuerySet[Pool]) -> Q:
    return Q(pk__in=pools.values(member=Func(F("post_ids"), function="unnest")))
