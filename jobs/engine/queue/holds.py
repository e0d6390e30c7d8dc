"""Putting jobs aside that may not start yet, and taking them back.

A job whose lock key is taken, or whose class is paused, is marked as held when a worker first meets it. The
lanes leave it out from then on, so that it costs nothing however long it waits. Whatever ends a job with lock
keys (success, an error, a person, even a DELETE) frees the next one: a trigger of the table does it.

Who decides about a key has an advisory lock on it until the end of its transaction, which may be far: nobody
waits for that. A worker puts the job aside, the trigger frees nothing, and both leave a LockCheck, by which a
sentinel looks again when the key is free.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from jobs.engine.models import LockCheck
from jobs.engine.queue.scope import Worker
from jobs.engine.sql import statement
from jobs.engine.sql.waking import wake_workers

_LOCK = statement("holds", "lock")
_TAKEN_KEYS = statement("holds", "taken_keys")
_CLAIM = statement("holds", "claim")
_HOLD_BEHIND = statement("holds", "hold_behind")
_HOLD_ALL_OF = statement("holds", "hold_all_of")
_HOLD_PAUSED_CLASS = statement("holds", "hold_paused_class")
_TRY_KEY = statement("holds", "try_key")
_FORGET_CHECKS = statement("holds", "forget_checks")
_FREE_KEY = statement("holds", "free_key")
_FREE_THE_FORGOTTEN = statement("holds", "free_the_forgotten")
# Keys that one look checks again.
CHECKED_AT_ONCE = 100
# Jobs of a paused class that one statement puts aside; the rest when a worker meets them.
HELD_AT_ONCE = 5000


def claim_with_lock_keys(job_id: UUID, keys: Sequence[str], job_class: str, worker: Worker) -> bool:
    """Take the job if nothing that goes before it has one of its keys; otherwise hold all that must wait.

    True when it was taken.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK, {"id": job_id})
        if (row := cursor.fetchone()) is None:
            return False
        cursor.execute(_TAKEN_KEYS, {"keys": sorted(set(keys))})
        if taken := [key for (key,) in cursor.fetchall()]:
            _hold_all_of(taken)
            return False
        params: dict[str, Any] = {
            "id": job_id,
            "enqueued_at": row[0],
            "keys": sorted(set(keys)),
            "job_class": job_class,
            "cluster": worker.cluster_id,
            "pid": worker.pid,
        }
        cursor.execute(_CLAIM, params)
        if cursor.rowcount:
            return True
        cursor.execute(_HOLD_BEHIND, params)
    return False


def hold_paused_class(job_class: str) -> int:
    """Hold waiting jobs of a class, HELD_AT_ONCE at most, if it is still paused; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD_PAUSED_CLASS, {"job_class": job_class, "limit": HELD_AT_ONCE})
        return int(cursor.rowcount)


def _hold_all_of(keys: Sequence[str]) -> None:
    """Hold what waits for one of these keys, about which somebody else decides; a look later frees the first.

    All of it, for a worker would meet each by itself.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOLD_ALL_OF, {"keys": list(keys)})


def check_lock_keys_again() -> int:
    """Free the first job of each key that somebody else decided about; returns for how many keys."""
    keys = LockCheck.objects.order_by("key").values_list("key", flat=True).distinct()
    return sum(map(_check_again, keys[:CHECKED_AT_ONCE]))


def _check_again(key: str) -> bool:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TRY_KEY, {"key": key})
        if not cursor.fetchone()[0]:
            return False
        cursor.execute(_FORGET_CHECKS, {"key": key})
        cursor.execute(_FREE_KEY, {"key": key})
        if is_free := bool(cursor.fetchone()[0]):
            wake_workers()
        else:
            transaction.set_rollback(True)
        return is_free


def free_the_forgotten() -> int:
    """Take back held jobs that nothing holds any more; returns how many.

    There should be none: this is the net under the trigger and under resuming.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FREE_THE_FORGOTTEN)
        return int(cursor.rowcount)
