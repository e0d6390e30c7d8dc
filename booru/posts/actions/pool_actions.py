"""The metatags that put posts into pools and take them out (behaviour D.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db.models import Q

from booru.models import Pool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from booru.models import Credit
    from booru.posts.tag_edits.tag_edit_terms import Metatag

_DESCRIPTION = "This pool was automatically generated"


def lock_pools(metatags: Iterable[Metatag], post_ids: Sequence[int]) -> None:
    """Lock all the pools that these metatags change in one order, as everybody does."""
    values = [metatag.value for metatag in metatags if metatag.name in POOL_ACTIONS]
    if len(values) > 1:
        pools = filter(None, map(Pool.objects.find, values))
        condition = Q(pk__in=[pool.pk for pool in pools])
        Pool.objects.lock(condition | Q(post_ids__overlap=post_ids) if "none" in values else condition)


def _add(credit: Credit, post_ids: Sequence[int], value: str) -> None:
    if value == "none":
        for pool in Pool.objects.lock(Q(post_ids__overlap=post_ids)):
            pool.remove_posts(credit, post_ids)
    else:
        _add_to(_pool(value), credit, post_ids)


def _remove(credit: Credit, post_ids: Sequence[int], value: str) -> None:
    _pool(value).remove_posts(credit, post_ids)


def _make(credit: Credit, post_ids: Sequence[int], value: str) -> None:
    pool = Pool.objects.named(value)
    if pool is None:
        Pool.objects.make(credit, name=value, description=_DESCRIPTION, post_ids=list(post_ids))
    else:
        _add_to(pool, credit, post_ids)


def _add_to(pool: Pool, credit: Credit, post_ids: Sequence[int]) -> None:
    if pool.is_deleted:
        raise ValidationError("You cannot add posts to a deleted pool")
    pool.add_posts(credit, post_ids)


def _pool(value: str) -> Pool:
    pool = Pool.objects.find(value)
    if pool is None:
        raise ValidationError("the pool doesn't exist")
    return pool


POOL_ACTIONS: dict[str, Callable[[Credit, Sequence[int], str], None]] = {
    "pool": _add,
    "-pool": _remove,
    "newpool": _make,
}
