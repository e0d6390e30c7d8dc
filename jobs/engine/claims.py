"""Taking jobs from the table and giving them back: every statement that changes a job's state.

Times are the database's own. Each change is fenced: a worker that was taken for dead changes nothing more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models.functions import Now

from jobs.engine.models import BackgroundJob, BackgroundJobQuerySet, JobAttempt
from jobs.engine.sql import RUNNABLE, wake_workers

if TYPE_CHECKING:
    from datetime import timedelta

MAX_CRASHES = 3


@dataclass(frozen=True, slots=True)
class Worker:
    """The process that claims: its cluster and its pid."""

    cluster_id: UUID
    pid: int

    def __str__(self) -> str:
        return f"{self.cluster_id}:{self.pid}"


def claim_next(
    worker: Worker, queue_name: str | None = None, job_class: str | None = None
) -> BackgroundJob | None:
    """Take the first runnable job: smallest priority, then longest due. Counts the attempt."""
    table = BackgroundJob._meta.db_table
    sql = f"""
        WITH next AS MATERIALIZED (
            SELECT id FROM {table}
            WHERE {RUNNABLE} AND (%(queue)s::text IS NULL OR queue_name = %(queue)s)
                AND (%(job_class)s::text IS NULL OR job_class = %(job_class)s)
            ORDER BY priority, run_after, id
            LIMIT 1
            FOR UPDATE SKIP LOCKED
        )
        UPDATE {table} AS job
        SET performed_at = statement_timestamp(), updated_at = statement_timestamp(),
            attempts = attempts + 1, claimed_by = %(cluster)s, worker_pid = %(pid)s
        FROM next
        WHERE job.id = next.id
        RETURNING job.*
    """  # noqa: S608 -- only names of our own
    params = {"queue": queue_name, "job_class": job_class, "cluster": worker.cluster_id, "pid": worker.pid}
    return next(iter(BackgroundJob.objects.raw(sql, params)), None)


def finish(job: BackgroundJob) -> bool:
    """Record success. False when somebody else has the job by now."""
    return _mine(job).update(finished_at=Now(), updated_at=Now(), error=None) == 1


def discard(job: BackgroundJob, failure: Failure) -> bool:
    """Record that the job ended with this error. False when somebody else has the job by now."""
    with transaction.atomic():
        done = _mine(job).update(finished_at=Now(), updated_at=Now(), error=failure.text)
        return bool(done) and _record(job, failure)


def retry_later(job: BackgroundJob, failure: Failure, delay: timedelta) -> bool:
    """Put the job back, to be tried again after the delay. False when somebody else has the job by now."""
    with transaction.atomic():
        done = _mine(job).update(
            performed_at=None,
            claimed_by=None,
            worker_pid=None,
            run_after=Now() + delay,
            updated_at=Now(),
            error=failure.text,
        )
        return bool(done) and _record(job, failure)


@dataclass(frozen=True, slots=True)
class Failure:
    """How an attempt ended, in words."""

    error_class: str
    message: str
    backtrace: str
    duration: timedelta

    @property
    def text(self) -> str:
        return f"{self.error_class}: {self.message}"


def _mine(job: BackgroundJob) -> BackgroundJobQuerySet:
    return BackgroundJob.objects.filter(
        pk=job.pk,
        attempts=job.attempts,
        claimed_by=job.claimed_by,
        worker_pid=job.worker_pid,
        finished_at__isnull=True,
        performed_at__isnull=False,
    )


def _record(job: BackgroundJob, failure: Failure) -> bool:
    JobAttempt.objects.create(
        job=job,
        number=job.attempts,
        error_class=failure.error_class,
        message=failure.message,
        backtrace=failure.backtrace,
        started_at=job.performed_at or job.enqueued_at,
        duration=failure.duration,
        worker=f"{job.claimed_by}:{job.worker_pid}",
    )
    return True


@dataclass(frozen=True, slots=True)
class Released:
    """What was taken back from the dead."""

    requeued: int
    discarded: int


def release_lost(condition: str, params: dict[str, Any]) -> Released:
    """Give back the running jobs for which the SQL condition (over `job`) says that their worker is dead.

    One that has lost MAX_CRASHES workers is discarded instead, so that it does not kill workers for ever.
    """
    table, attempts = BackgroundJob._meta.db_table, JobAttempt._meta.db_table
    sql = f"""
        WITH lost AS MATERIALIZED (
            SELECT id, performed_at AS started, claimed_by AS cluster, worker_pid AS pid FROM {table} AS job
            WHERE performed_at IS NOT NULL AND finished_at IS NULL AND ({condition})
            FOR UPDATE SKIP LOCKED
        ), released AS (
            UPDATE {table} AS job SET
                crashes = crashes + 1,
                performed_at = CASE WHEN crashes + 1 >= %(max)s THEN performed_at END,
                finished_at = CASE WHEN crashes + 1 >= %(max)s THEN statement_timestamp() END,
                error = 'WorkerDied: ' || %(message)s,
                claimed_by = NULL, worker_pid = NULL, updated_at = statement_timestamp()
            FROM lost WHERE job.id = lost.id
            RETURNING job.id, job.attempts, job.finished_at, lost.started, lost.cluster, lost.pid
        ), recorded AS (
            INSERT INTO {attempts}
                (job_id, number, error_class, message, backtrace, started_at, duration, worker)
            SELECT id, attempts, 'WorkerDied', %(message)s, '', started, statement_timestamp() - started,
                concat(cluster, ':', pid)
            FROM released
        )
        SELECT count(*) FILTER (WHERE finished_at IS NULL), count(*) FILTER (WHERE finished_at IS NOT NULL)
        FROM released
    """  # noqa: S608 -- only names of our own
    message = "the worker process died while it ran the job"
    with connection.cursor() as cursor:
        cursor.execute(sql, {**params, "max": MAX_CRASHES, "message": message})
        requeued, discarded = cursor.fetchone()
    if requeued:
        wake_workers()
    return Released(requeued, discarded)


def release_leftovers(worker: Worker) -> Released:
    """Give back what an earlier process with this worker's pid left behind."""
    condition = "job.claimed_by = %(cluster)s AND job.worker_pid = %(pid)s"
    return release_lost(condition, {"cluster": worker.cluster_id, "pid": worker.pid})
