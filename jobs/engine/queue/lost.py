"""Giving back the jobs of workers that are gone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import DataError, connection

from jobs.engine.faults.engine_log import logger
from jobs.engine.models import BackgroundJob, JobAttempt
from jobs.engine.models.sql import wake_workers

if TYPE_CHECKING:
    from uuid import UUID

    from jobs.engine.queue.claims import Worker

# Workers that a job may lose before it is discarded, so that it does not kill workers for ever. A death
# counts when it may be the job's fault: not with its whole cluster's, nor when it came farther than before.
MAX_CRASHES = 3


@dataclass(frozen=True, slots=True)
class Released:
    """What was taken back from the dead."""

    requeued: int
    discarded: int


def release_lost(condition: str, params: dict[str, Any]) -> Released:
    """Give back the running jobs for which the SQL condition (over `job`) says that their worker is dead.

    Such a death counts as the job's, but not when it came farther than at the one before.
    """
    return _release(condition, params, "WorkerDied: the worker process died while it ran the job", crash=True)


def release_cut_off(condition: str, params: dict[str, Any]) -> Released:
    """Give back those whose whole cluster is gone: their machine was restarted, say. Not the job's fault."""
    error = "WorkerDied: all workers of its cluster ended, or were cut off"
    return _release(condition, params, error, crash=False)


def release_leftovers(worker: Worker) -> Released:
    """Give back what an earlier process with this worker's pid left behind."""
    return release_lost(_OF_WORKER, _params(worker))


def release_unstarted(worker: Worker) -> Released:
    """Give back what this worker claimed without hearing of it, because the connection broke just then."""
    error = "WorkerStopped: the connection broke before the job was started"
    return _release(_OF_WORKER, _params(worker), error, crash=False)


def give_back_unread(worker: Worker) -> Released:
    """Give back what this worker claimed and could not read; discard what nobody can."""
    ids = BackgroundJob.objects.running().filter(claimed_by=worker.cluster_id, worker_pid=worker.pid)
    for pk in list(ids.values_list("pk", flat=True)):
        if why := _why_unreadable(pk):
            _release(
                "job.id = %(id)s", {"id": pk}, f"UnreadableJob: {why}", crash=False, most=0, announced=True
            )
            logger.error("Discarded job %s, which cannot be read: %s", pk, why)
    return release_unstarted(worker)


def _why_unreadable(job_id: UUID) -> str:
    try:
        BackgroundJob.objects.filter(pk=job_id).first()
    except (ValueError, RecursionError, DataError) as error:
        return str(error).partition("\n")[0] or type(error).__name__
    return ""


def release_stopped(cluster_id: UUID) -> Released:
    """Give back what a cluster did not finish in the time that it had to stop; not the job's fault."""
    error = "WorkerStopped: the workers were stopped before the job had finished"
    return _release("job.claimed_by = %(cluster)s", {"cluster": cluster_id}, error, crash=False)


_OF_WORKER = "job.claimed_by = %(cluster)s AND job.worker_pid = %(pid)s"


def _params(worker: Worker) -> dict[str, Any]:
    return {"cluster": worker.cluster_id, "pid": worker.pid}


def _release(
    condition: str,
    params: dict[str, Any],
    error: str,
    *,
    crash: bool,
    most: int = MAX_CRASHES,
    announced: bool = False,
) -> Released:
    """`crash`: it may be the job's fault. An attempt that was not does not count for its retries, either."""
    table, attempts = BackgroundJob._meta.db_table, JobAttempt._meta.db_table
    sql = f"""
        WITH lost AS MATERIALIZED (
            SELECT id, performed_at AS started, claimed_by AS cluster, worker_pid AS pid,
                (%(crash)s AND NOT EXISTS (
                    SELECT FROM background_job_progress AS progress
                    WHERE progress.job_id = job.id AND progress.updated_at >= job.performed_at
                        AND progress.done > COALESCE(progress.done_at_death, -1)
                ))::int AS crash
            FROM {table} AS job
            WHERE performed_at IS NOT NULL AND finished_at IS NULL AND ({condition})
            FOR UPDATE SKIP LOCKED
        ), come_so_far AS (
            UPDATE background_job_progress SET done_at_death = greatest(done, done_at_death)
            FROM lost WHERE job_id = lost.id AND %(crash)s
        ), released AS (
            UPDATE {table} AS job SET
                crashes = crashes + crash,
                attempts_before_retry = attempts_before_retry + 1 - crash,
                performed_at = CASE WHEN crashes + crash >= %(most)s THEN performed_at END,
                finished_at = CASE WHEN crashes + crash >= %(most)s THEN statement_timestamp() END,
                announced = %(announced)s,
                error = %(error)s,
                claimed_by = NULL, worker_pid = NULL, updated_at = statement_timestamp()
            FROM lost WHERE job.id = lost.id
            RETURNING job.id, job.attempts, job.finished_at, lost.started, lost.cluster, lost.pid
        ), recorded AS (
            INSERT INTO {attempts}
                (job_id, number, error_class, message, backtrace, started_at, duration, worker)
            SELECT id, attempts, split_part(%(error)s, ': ', 1),
                substr(%(error)s, strpos(%(error)s, ': ') + 2), '', started,
                statement_timestamp() - started, concat(cluster, ':', pid)
            FROM released
        )
        SELECT count(*) FILTER (WHERE finished_at IS NULL), count(*) FILTER (WHERE finished_at IS NOT NULL)
        FROM released
    """  # noqa: S608 -- only names of our own
    values: dict[str, Any] = {"crash": crash, "most": most, "announced": announced, "error": error}
    with connection.cursor() as cursor:
        cursor.execute(sql, {**params, **values})
        requeued, discarded = cursor.fetchone()
    if requeued:
        wake_workers()
    return Released(requeued, discarded)
