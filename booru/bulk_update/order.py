"""Which bulk update requests run one after the other, and which side by side.

Each has the key of its own and one for each tag that it is about: those that share a tag run in the order in
which they were approved. One that is about more than its tags runs alone: it has the keys of all that are
unfinished, and those that come later have its key. They also wait for each other then, which costs time only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection

from booru.models import TagAlias
from jobs.bulk_update_requests import BulkUpdateRequestJob

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from booru.bulk_update.command import Command
    from booru.models import BulkUpdateRequest

# One number for everybody who takes the lock; it means nothing.
_LOCK = 4_712_002
_ALONE = "bur:alone"


def lock_keys(bulk_update_request: BulkUpdateRequest, commands: Sequence[Command]) -> list[str]:
    """The lock keys of its job; to be enqueued in the same transaction.

    Until that ends nobody else gets here, so of two that are approved at once, one knows of the other.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    unfinished = BulkUpdateRequestJob.unfinished_except(bulk_update_request)
    keys = [_key(bulk_update_request.pk), *_tag_keys(bulk_update_request.tags)]
    if runs_alone(commands):
        return [*keys, _ALONE, *map(_key, unfinished)]
    return [*keys, *(_key(pk) for pk, others in unfinished.items() if _ALONE in others)]


def runs_alone(commands: Iterable[Command]) -> bool:
    """Does nothing else run beside it? By a setting, nothing does beside any."""
    one_at_a_time: bool = settings.DANBOORU_BULK_UPDATES_ONE_AT_A_TIME
    return one_at_a_time or not all(command.is_bounded for command in commands)


def _key(pk: int) -> str:
    return f"bur:{pk}"


def _tag_keys(names: Sequence[str]) -> set[str]:
    """With what the names are aliases of: a search for either finds the same posts."""
    return {f"tag:{name}" for name in (*names, *TagAlias.objects.targets(names).values())}
