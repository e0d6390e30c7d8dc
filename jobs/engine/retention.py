"""Deleting old finished jobs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection

from jobs.engine import conf
from jobs.engine.insight.long_work import long_work
from jobs.engine.sql import statement

_AT_ONCE = 5000
_PRUNE = statement("retention", "prune_jobs")
_PRUNE_BATCHES = statement("retention", "prune_batches")


def prune_jobs(older_than: timedelta | None = None) -> int:
    """Delete the jobs that finished longer ago than JOBS_RETENTION, or than given; returns how many.

    Batches of that age go with the last of their jobs. Danbooru deletes every job of that age, also one that
    waits or runs (behaviour J.5, M.11): here only finished ones, none whose end with an error was not
    followed up yet, and none of a batch that has not finished.
    """
    if older_than is None:
        older_than = conf.retention()
    count = _delete(_PRUNE, older_than)
    _delete(_PRUNE_BATCHES, older_than)
    return count


def _delete(statement: str, older_than: timedelta) -> int:
    """Execute it until it finds nothing more; returns how many rows were deleted."""
    count = 0
    params: dict[str, Any] = {"older_than": older_than, "limit": _AT_ONCE}
    with connection.cursor() as cursor, long_work("Deleting", unit="rows") as done:
        while True:
            cursor.execute(statement, params)
            deleted = int(cursor.rowcount)
            count += deleted
            done(deleted)
            if deleted < _AT_ONCE:
                return count
