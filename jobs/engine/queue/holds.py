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
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, transaction

from jobs.engine.models import BackgroundJob, LockCheck
from jobs.engine.models.sql import RUNNABLE, wake_workers

if TYPE_CHECKING:
    from jobs.engine.queue.claims import Worker

_TABLE = BackgroundJob._meta.db_table

_LOCK = f"SELECT enqueued_at FROM {_TABLE} WHERE id = %s AND {RUNNABLE} FOR UPDATE SKIP LOCKED"  # noqa: S608
_TAKEN_KEYS = "SELECT key FROM unnest(%s::text[]) AS key WHERE NOT background_jobs_try_lock_key(key)"
# Keys that one look checks again.
CHECKED_AT_ONCE = 100
# Jobs of a paused class that one statement puts aside; the rest when a worker meets them.
HELD_AT_ONCE = 5000

# What goes before a job with the same keys: what runs, and what was enqueued earlier and is due or was tried.
# When that was says the database: the ids go by the clocks of those who enqueue.
GOES_BEFORE = """
    earlier.lock_keys && %(keys)s::text[] AND earlier.finished_at IS NULL AND earlier.id <> %(id)s::uuid
    AND (earlier.performed_at IS NOT NULL
        OR ((earlier.enqueued_at, earlier.id) < (%(enqueued_at)s::timestamptz, %(id)s::uuid)
            AND (earlier.attempts > 0 OR earlier.run_after <= statement_timestamp())))
"""

# The same as a question, in parts for each of which there is an index that leads past all that waits behind:
# what runs; the first of those that have one key alone; and those that have several.
_SOMETHING_GOES_BEFORE = f"""
    (EXISTS (
        SELECT FROM {_TABLE} AS earlier
        WHERE performed_at IS NOT NULL AND finished_at IS NULL AND lock_keys && %(keys)s::text[]
            AND id <> %(id)s::uuid
    ) OR EXISTS (
        SELECT FROM unnest(%(keys)s::text[]) AS key CROSS JOIN LATERAL (
            SELECT FROM {_TABLE} AS earlier
            WHERE finished_at IS NULL AND cardinality(lock_keys) = 1 AND lock_keys[1] = key
                AND (enqueued_at, id) < (%(enqueued_at)s::timestamptz, %(id)s::uuid)
                AND (attempts > 0 OR run_after <= statement_timestamp())
            ORDER BY enqueued_at, id LIMIT 1
        ) AS first
    ) OR EXISTS (
        SELECT FROM {_TABLE} AS earlier WHERE cardinality(lock_keys) > 1 AND {GOES_BEFORE}
    ))
"""  # noqa: S608 -- only names of our own


def claim_with_lock_keys(job_id: UUID, keys: Sequence[str], job_class: str, worker: Worker) -> bool:
    """Take the job if nothing that goes before it has one of its keys; otherwise hold all that must wait.

    True when it was taken.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK, [job_id])
        if (row := cursor.fetchone()) is None:
            return False
        cursor.execute(_TAKEN_KEYS, [sorted(set(keys))])
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
        cursor.execute(
            f"""
            UPDATE {_TABLE} AS job
            SET performed_at = statement_timestamp(), updated_at = statement_timestamp(),
                attempts = attempts + 1, claimed_by = %(cluster)s, worker_pid = %(pid)s
            WHERE id = %(id)s
                AND NOT {_SOMETHING_GOES_BEFORE}
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
                SELECT id, enqueued_at, lock_keys, performed_at IS NOT NULL AS runs FROM {_TABLE} AS earlier
                WHERE {GOES_BEFORE} ORDER BY enqueued_at, id LIMIT 1
            ), waiting AS (
                SELECT job.id FROM {_TABLE} AS job, before
                WHERE job.lock_keys && %(keys)s AND job.lock_keys && before.lock_keys
                    AND job.performed_at IS NULL AND job.finished_at IS NULL AND job.held IS NULL
                    AND job.run_after <= statement_timestamp()
                    AND (before.runs OR (job.enqueued_at, job.id) > (before.enqueued_at, before.id))
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


def _hold_all_of(keys: Sequence[str]) -> None:
    """Hold what waits for one of these keys, about which somebody else decides; a look later frees the first.

    All of it, for a worker would meet each by itself.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH waiting AS (
                SELECT id FROM {_TABLE} WHERE lock_keys && %(keys)s AND {RUNNABLE} FOR UPDATE SKIP LOCKED
            ), checks AS (
                INSERT INTO background_job_lock_checks (key) SELECT unnest(%(keys)s::text[])
            )
            UPDATE {_TABLE} AS job SET held = 'lock', updated_at = statement_timestamp()
            FROM waiting WHERE job.id = waiting.id
            """,  # noqa: S608 -- only names of our own
            {"keys": list(keys)},
        )


def check_lock_keys_again() -> int:
    """Free the first job of each key that somebody else decided about; returns for how many keys."""
    keys = LockCheck.objects.order_by("key").values_list("key", flat=True).distinct()
    return sum(map(_check_again, keys[:CHECKED_AT_ONCE]))


def _check_again(key: str) -> bool:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT background_jobs_try_lock_key(%s)", [key])
        if not cursor.fetchone()[0]:
            return False
        # First of all: a check that comes from now on may be about what is not seen here.
        cursor.execute("DELETE FROM background_job_lock_checks WHERE key = %s", [key])
        cursor.execute("SELECT background_jobs_free_lock_key(%s)", [key])
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
        cursor.execute(
            f"""
            WITH forgotten AS (
                SELECT id FROM {_TABLE} AS job
                WHERE (held = 'pause' AND finished_at IS NULL AND NOT EXISTS (
                        SELECT FROM background_job_pauses WHERE kind = 'job_class' AND name = job.job_class
                    ))
                    OR (id IN (
                        SELECT DISTINCT ON (key) id FROM {_TABLE}, unnest(lock_keys) AS key
                        WHERE held = 'lock' AND finished_at IS NULL ORDER BY key, enqueued_at, id
                    ) AND NOT EXISTS (
                        SELECT FROM {_TABLE} AS earlier
                        WHERE earlier.lock_keys && job.lock_keys AND earlier.finished_at IS NULL
                            AND earlier.id <> job.id AND (earlier.performed_at IS NOT NULL
                                OR (earlier.enqueued_at, earlier.id) < (job.enqueued_at, job.id))
                    ))
                FOR UPDATE OF job SKIP LOCKED
            )
            UPDATE {_TABLE} AS job SET held = NULL, updated_at = statement_timestamp()
            FROM forgotten WHERE job.id = forgotten.id
            """  # noqa: S608 -- only names of our own
        )
        return int(cursor.rowcount)
