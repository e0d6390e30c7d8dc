"""One key for each tag and pool, whichever of its names a script uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.models import Pool, TagAlias, TagImplication
from booru.posts.editing.derived_tags import automatic_tags
from booru.rules.pool_names import normalize_pool_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from booru.bulk_update.waiting.touched import Touched


def tag_keys(touched: Touched) -> set[str]:
    """With what the names are aliases of, and with the tags that follow from those that are given.

    A search for either of two aliases finds the same posts, and a post that gets a tag gets what it implies.
    """
    given = _with_targets(touched.given)
    given = given.union(*map(automatic_tags, given))
    names = _with_targets(touched.tags) | given | TagImplication.objects.implied_by(given)
    return {f"tag:{name}" for name in names}


def pool_keys(touched: Touched) -> set[str]:
    """By id and by name, for a pool that exists; by what it is called, for one that may be made."""
    keys = set()
    pools = Pool.objects.find_all(touched.pools)
    for text in touched.pools:
        pool = pools.get(text)
        names = {text, pool.name, str(pool.pk)} if pool else {text}
        keys |= {f"pool:{normalize_pool_name(name).lower()}" for name in names}
    return keys


def _with_targets(names: Iterable[str]) -> frozenset[str]:
    names = list(names)
    return frozenset([*names, *TagAlias.objects.to_aliased(names)]) if names else frozenset()
