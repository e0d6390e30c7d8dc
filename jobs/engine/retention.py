"""Deleting old finished jobs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection

from jobs.engine import conf
from jobs.engine.insight.long_work import long_work
from jobs.engine.models import BackgroundJob, JobAttempt, JobBatch, JobProgress

_AT_ONCE = 5000
# Each portion is a statement, and so a transaction, of its own: workers never wait for it.
_PRUNE = f"""
    WITH old AS MATERIALIZED (
        SELECT id FROM {BackgroundJob._meta.db_table}
        WHERE finished_at < statement_timestamp() - %(older_than)s AND (error IS NULL OR announced)
            AND (batch_id IS NULL OR NOT EXISTS (
                SELECT FROM {JobBatch._meta.db_table} AS batch
                WHERE batch.id = batch_id AND batch.finished_at IS NULL
            ))
        ORDER BY finished_at LIMIT {_AT_ONCE}
        FOR UPDATE SKIP LOCKED
    ), attempts AS (
        DELETE FROM {JobAttempt._meta.db_table} WHERE job_id IN (SELECT id FROM old)
    ), progress AS (
        DELETE FROM {JobProgress._meta.db_table} WHERE job_id IN (SELECT id FROM old)
    )
    DELETE FROM {BackgroundJob._meta.db_table} WHERE id IN (SELECT id FROM old)
"""  # noqa: S608 -- only names of our own
_PRUNE_BATCHES = f"""
    DELETE FROM {JobBatch._meta.db_table} WHERE id IN (
        SELECT id FROM {JobBatch._meta.db_table} AS batch
        WHERE finished_at < statement_timestamp() - %(older_than)s
            AND NOT EXISTS (SELECT FROM {BackgroundJob._meta.db_table} WHERE batch_id = batch.id)
        LIMIT {_AT_ONCE}
        FOR UPDATE SKIP LOCKED
    )
"""  # noqa: S608 -- as above


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
    params: dict[str, Any] = {"older_than": older_than}
    with connection.cursor() as cursor, long_work("Deleting", unit="rows") as done:
        while True:
            cursor.execute(statement, params)
            deleted = int(cursor.rowcount)
            count += deleted
            done(deleted)
            if deleted < _AT_ONCE:
                return count
