"""Putting jobs aside that may not start yet, and taking them back.

A job whose lock key is taken, or whose class is paused, is marked as held when a worker first meets it. The
lanes leave it out from then on, so that it costs nothing however long it waits. Whatever ends a job with lock
keys (success, an error, a person, even a DELETE) frees the next one: a trigger of the table does it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, transaction

from jobs.engine.models import BackgroundJob
from jobs.engine.sql import RUNNABLE

if TYPE_CHECKING:
    from jobs.engine.claims import Worker

_TABLE = BackgroundJob._meta.db_table

_LOCK = f"SELECT 1 FROM {_TABLE} WHERE id = %s AND {RUNNABLE} FOR UPDATE SKIP LOCKED"  # noqa: S608
# Jobs of a paused class that one statement puts aside; the rest when a worker meets them.
HELD_AT_ONCE = 5000

# What goes before a job with the same keys: what runs, and what was enqueued earlier and is due or was tried.
GOES_BEFORE = """
    earlier.lock_keys && %(keys)s::text[] AND earlier.finished_at IS NULL AND earlier.id <> %(id)s::uuid
    AND (earlier.performed_at IS NOT NULL OR (earlier.id < %(id)s::uuid
        AND (earlier.attempts > 0 OR earlier.run_after <= statement_timestamp())))
"""


def claim_with_lock_keys(job_id: UUID, keys: Sequence[str], job_class: str, worker: Worker) -> bool:
    """Take the job if nothing that goes before it has one of its keys; otherwise hold all that must wait.

    True when it was taken.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK, [job_id])
        if cursor.fetchone() is None:
            return False
        lock(keys)
        params: dict[str, Any] = {
            "id": job_id,
            "keys": sorted(set(keys)),
            "job_class": job_class,
            "cluster": worker.cluster_id,
            "pid": worker.pid,
        }
        cursor.execute(
            f"""
            UPDATE {_TABLE} AS job
            SET performed_at = statement_timestamp(), updated_at = statement_timestamp(),
                attempts = attempts + 1, claimed_by = %(cluster)s, worker_pid = %(pid)s
            WHERE id = %(id)s
                AND NOT EXISTS (SELECT FROM {_TABLE} AS earlier WHERE {GOES_BEFORE})
                AND NOT EXISTS (SELECT FROM background_job_pauses WHERE kind = 'job_class'
                    AND name = %(job_class)s)
            """,  # noqa: S608 -- only names of our own
            params,
        )
        if cursor.rowcount:
            return True
        cursor.execute(
            f"""
            WITH before AS (
                SELECT id, lock_keys, performed_at IS NOT NULL AS runs FROM {_TABLE} AS earlier
                WHERE {GOES_BEFORE} ORDER BY id LIMIT 1
            ), waiting AS (
                SELECT job.id FROM {_TABLE} AS job, before
                WHERE job.lock_keys && %(keys)s AND job.lock_keys && before.lock_keys
                    AND job.performed_at IS NULL AND job.finished_at IS NULL AND job.held IS NULL
                    AND job.run_after <= statement_timestamp()
                    AND (before.runs OR job.id > before.id)
                FOR UPDATE OF job SKIP LOCKED
            )
            UPDATE {_TABLE} AS job SET held = 'lock', updated_at = statement_timestamp()
            FROM waiting WHERE job.id = waiting.id
            """,  # noqa: S608 -- only names of our own
            params,
        )
    return False


def hold_paused_class(job_class: str) -> int:
    """Hold waiting jobs of a class, HELD_AT_ONCE at most, if it is still paused; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH pause AS MATERIALIZED (
                SELECT name FROM background_job_pauses
                WHERE kind = 'job_class' AND name = %(job_class)s FOR SHARE
            ), waiting AS (
                SELECT id FROM {_TABLE}, pause
                WHERE job_class = pause.name AND performed_at IS NULL AND finished_at IS NULL AND held IS NULL
                LIMIT {HELD_AT_ONCE}
                FOR UPDATE OF {_TABLE} SKIP LOCKED
            )
            UPDATE {_TABLE} AS job SET held = 'pause', updated_at = statement_timestamp()
            FROM waiting WHERE job.id = waiting.id
            """,  # noqa: S608 -- only names of our own
            {"job_class": job_class},
        )
        return int(cursor.rowcount)


def lock(keys: Sequence[str]) -> None:
    """Until the transaction ends, nobody else decides about these keys; the trigger does the same."""
    with connection.cursor() as cursor:
        for key in sorted(set(keys)):
            cursor.execute("SELECT background_jobs_lock_key(%s)", [key])


def free_the_forgotten() -> int:
    """Take back held jobs that nothing holds any more; returns how many.

    There should be none: this is the net under the trigger and under resuming.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE {_TABLE} AS job SET held = NULL, updated_at = statement_timestamp()
            WHERE (held = 'pause' AND finished_at IS NULL AND NOT EXISTS (
                    SELECT FROM background_job_pauses WHERE kind = 'job_class' AND name = job.job_class
                ))
                OR (id IN (
                    SELECT DISTINCT ON (key) id FROM {_TABLE}, unnest(lock_keys) AS key
                    WHERE held = 'lock' AND finished_at IS NULL ORDER BY key, id
                ) AND NOT EXISTS (
                    SELECT FROM {_TABLE} AS earlier
                    WHERE earlier.lock_keys && job.lock_keys AND earlier.finished_at IS NULL
                        AND earlier.id <> job.id AND (earlier.performed_at IS NOT NULL OR earlier.id < job.id)
                ))
            """  # noqa: S608 -- only names of our own
        )
        return int(cursor.rowcount)
