"""Giving back the jobs of workers that are gone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection

from jobs.engine.models import BackgroundJob, JobAttempt
from jobs.engine.sql import wake_workers

if TYPE_CHECKING:
    from uuid import UUID

    from jobs.engine.claims import Worker

# Workers that a job may lose before it is discarded, so that it does not kill workers for ever.
MAX_CRASHES = 3


@dataclass(frozen=True, slots=True)
class Released:
    """What was taken back from the dead."""

    requeued: int
    discarded: int


def release_lost(condition: str, params: dict[str, Any]) -> Released:
    """Give back the running jobs for which the SQL condition (over `job`) says that their worker is dead."""
    return _release(condition, params, "WorkerDied: the worker process died while it ran the job", crash=True)


def release_leftovers(worker: Worker) -> Released:
    """Give back what an earlier process with this worker's pid left behind."""
    condition = "job.claimed_by = %(cluster)s AND job.worker_pid = %(pid)s"
    return release_lost(condition, {"cluster": worker.cluster_id, "pid": worker.pid})


def release_unstarted(worker: Worker) -> Released:
    """Give back what this worker claimed without hearing of it, because the connection broke just then."""
    error = "WorkerStopped: the connection broke before the job was started"
    condition = "job.claimed_by = %(cluster)s AND job.worker_pid = %(pid)s"
    return _release(condition, {"cluster": worker.cluster_id, "pid": worker.pid}, error, crash=False)


def release_stopped(cluster_id: UUID) -> Released:
    """Give back what a cluster did not finish in the time that it had to stop; not the job's fault."""
    error = "WorkerStopped: the workers were stopped before the job had finished"
    return _release("job.claimed_by = %(cluster)s", {"cluster": cluster_id}, error, crash=False)


def _release(condition: str, params: dict[str, Any], error: str, *, crash: bool) -> Released:
    table, attempts = BackgroundJob._meta.db_table, JobAttempt._meta.db_table
    sql = f"""
        WITH lost AS MATERIALIZED (
            SELECT id, performed_at AS started, claimed_by AS cluster, worker_pid AS pid FROM {table} AS job
            WHERE performed_at IS NOT NULL AND finished_at IS NULL AND ({condition})
            FOR UPDATE SKIP LOCKED
        ), released AS (
            UPDATE {table} AS job SET
                crashes = crashes + %(crash)s,
                performed_at = CASE WHEN crashes + %(crash)s >= %(max)s THEN performed_at END,
                finished_at = CASE WHEN crashes + %(crash)s >= %(max)s THEN statement_timestamp() END,
                error = %(error)s,
                claimed_by = NULL, worker_pid = NULL, updated_at = statement_timestamp()
            FROM lost WHERE job.id = lost.id
            RETURNING job.id, job.attempts, job.finished_at, lost.started, lost.cluster, lost.pid
        ), recorded AS (
            INSERT INTO {attempts}
                (job_id, number, error_class, message, backtrace, started_at, duration, worker)
            SELECT id, attempts, split_part(%(error)s, ': ', 1), split_part(%(error)s, ': ', 2), '', started,
                statement_timestamp() - started, concat(cluster, ':', pid)
            FROM released
        )
        SELECT count(*) FILTER (WHERE finished_at IS NULL), count(*) FILTER (WHERE finished_at IS NOT NULL)
        FROM released
    """  # noqa: S608 -- only names of our own
    with connection.cursor() as cursor:
        cursor.execute(sql, {**params, "max": MAX_CRASHES, "error": error, "crash": int(crash)})
        requeued, discarded = cursor.fetchone()
    if requeued:
        wake_workers()
    return Released(requeued, discarded)
