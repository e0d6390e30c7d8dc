"""Which bulk update requests run one after the other, and which side by side.

Each has a key of its own and one for each tag and pool that it touches, under every name: those with a common
key run in the order in which they were approved. One of which nobody knows what it touches runs alone: it has
the keys of all that are unfinished, and those that come later have its key. Likewise one that reads a field
of posts has a key that those get which write it later, and the other way round: many may read at once. Some
then also wait for each other who need not, which costs time only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection

from booru.bulk_update.waiting.lock_names import pool_keys, tag_keys
from booru.bulk_update.waiting.touched import together
from jobs.bulk_update_requests import BulkUpdateRequestJob

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from booru.bulk_update.kinds.command import Command
    from booru.bulk_update.waiting.touched import Touched
    from booru.models import BulkUpdateRequest

# One number for everybody who takes the lock; it means nothing.
_LOCK = 4_712_002
_ALONE = "bur:alone"


def lock_keys(bulk_update_request: BulkUpdateRequest, commands: Sequence[Command]) -> list[str]:
    """The lock keys of its job; to be enqueued in the same transaction.

    Until that ends nobody else gets here, so of two that are approved at once, one knows of the other.
    """
    touched = together(command.touched for command in commands)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    unfinished = BulkUpdateRequestJob.unfinished_except(bulk_update_request)
    own = _key(bulk_update_request.pk)
    names = _with_those_of_moves({*tag_keys(touched), *pool_keys(touched)}, unfinished)
    keys = [own, *sorted(names), *_field_keys(own, touched, unfinished)]
    if touched.moves_tags:
        keys.append(_moves(own))
    if runs_alone(touched):
        return [*keys, _ALONE, *map(_key, unfinished)]
    return [*keys, *(_key(pk) for pk, others in unfinished.items() if _ALONE in others)]


def runs_alone(touched: Touched) -> bool:
    """Does nothing else run beside it? By a setting, nothing does beside any."""
    one_at_a_time: bool = settings.DANBOORU_BULK_UPDATES_ONE_AT_A_TIME
    return one_at_a_time or not touched.is_bounded


def _with_those_of_moves(names: set[str], unfinished: Mapping[int, list[str]]) -> set[str]:
    """With all names of those before it that make one of these an alias, or let it imply another.

    What it touches is then not known until they are done.
    """
    waiting = {pk: set(keys) for pk, keys in unfinished.items() if _moves(_key(pk)) in keys}
    while met := [pk for pk, keys in waiting.items() if not names.isdisjoint(keys)]:
        for pk in met:
            names |= {key for key in waiting.pop(pk) if key.startswith(("tag:", "pool:"))}
    return names


def _field_keys(own: str, touched: Touched, unfinished: Mapping[int, list[str]]) -> Iterator[str]:
    yield from (_reads(own, field) for field in sorted(touched.read))
    yield from (_writes(own, field) for field in sorted(touched.written))
    for pk, keys in unfinished.items():
        other = _key(pk)
        in_the_way = {_writes(other, field) for field in touched.read | touched.written}
        in_the_way |= {_reads(other, field) for field in touched.written}
        yield from sorted(in_the_way.intersection(keys))


def _key(pk: int) -> str:
    return f"bur:{pk}"


def _moves(key: str) -> str:
    return f"{key}:moves"


def _reads(key: str, field: str) -> str:
    return f"{key}:reads:{field}"


def _writes(key: str, field: str) -> str:
    return f"{key}:writes:{field}"
