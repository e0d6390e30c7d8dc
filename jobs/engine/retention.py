"""Deleting old finished jobs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection

from jobs.engine import conf
from jobs.engine.models import BackgroundJob, JobAttempt, JobBatch, JobProgress

_AT_ONCE = 5000
# Each batch of jobs is a statement, and so a transaction, of its own: workers never wait for it.
_PRUNE = f"""
    WITH old AS MATERIALIZED (
        SELECT id FROM {BackgroundJob._meta.db_table}
        WHERE finished_at < statement_timestamp() - %(older_than)s AND (error IS NULL OR announced)
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
    DELETE FROM {JobBatch._meta.db_table} AS batch
    WHERE finished_at < statement_timestamp() - %(older_than)s
        AND NOT EXISTS (SELECT FROM {BackgroundJob._meta.db_table} WHERE batch_id = batch.id)
"""  # noqa: S608 -- as above


def prune_jobs(older_than: timedelta | None = None) -> int:
    """Delete the jobs that finished longer ago than JOBS_RETENTION, or than given; returns how many.

    Danbooru deletes every job of that age, also one that waits or runs (M.11): here only finished ones, and
    none whose end with an error was not followed up yet.
    """
    params: dict[str, Any] = {"older_than": conf.retention() if older_than is None else older_than}
    count: int = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(_PRUNE, params)
            count += (deleted := int(cursor.rowcount))
            if deleted < _AT_ONCE:
                break
        cursor.execute(_PRUNE_BATCHES, params)
    return count
