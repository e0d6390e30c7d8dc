"""How an attempt ends: success, another attempt later, or an error for good.

Each change is fenced: a worker that was taken for dead changes nothing more. All return False then. Each may
be asked for again, when the connection broke and nobody knows whether it was done: it is done once.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from jobs.engine.faults.failure import Failure
from jobs.engine.models import BackgroundJob, BackgroundJobQuerySet, JobAttempt


def finish(job: BackgroundJob) -> bool:
    """Record success. A claim of the next job does the same in one go: see claim.sql."""
    if _mine(job).update(finished_at=Now(), updated_at=Now(), error=None):
        return True
    return _by_me(job).filter(finished_at__isnull=False, error__isnull=True).exists()


def hold(job: BackgroundJob) -> bool:
    """Is it still this worker's to end? Until the transaction is over, it is then."""
    return _mine(job).select_for_update().exists()


def has_ended(job: BackgroundJob) -> bool:
    """Has it, whoever ended it?"""
    return BackgroundJob.objects.finished().filter(pk=job.pk).exists()


def discard(job: BackgroundJob, failure: Failure, *, quietly: bool = False) -> bool:
    """Record that the job ended with this error. `quietly`: there is no aftercare, see there."""
    with transaction.atomic():
        done = _mine(job).update(finished_at=Now(), updated_at=Now(), error=failure.text, announced=quietly)
        return _record(job, failure) if done else _is_recorded(job, failure)


def retry_later(job: BackgroundJob, failure: Failure, delay: timedelta, *, uncounted: bool = False) -> bool:
    """Put the job back, to be tried again after the delay. `uncounted`: it was no attempt of the job's."""
    with transaction.atomic():
        done = _mine(job).update(
            performed_at=None,
            claimed_by=None,
            worker_pid=None,
            cancel_requested_at=None,
            attempts_before_retry=F("attempts_before_retry") + int(uncounted),
            run_after=Now() + delay,
            updated_at=Now(),
            error=failure.text,
        )
        return _record(job, failure) if done else _is_recorded(job, failure)


def postpone(job: BackgroundJob, reason: str, delay: timedelta) -> bool:
    """Put the job back until the delay is over, as if this attempt had not been."""
    with transaction.atomic():
        return _postpone(job, reason, delay)


def _postpone(job: BackgroundJob, reason: str, delay: timedelta) -> bool:
    done = _mine(job).update(
        performed_at=None,
        claimed_by=None,
        worker_pid=None,
        attempts_before_retry=F("attempts_before_retry") + 1,
        run_after=Now() + delay,
        updated_at=Now(),
        error=reason,
    )
    put_off = BackgroundJob.objects.filter(pk=job.pk, attempts=job.attempts, performed_at=None, error=reason)
    return bool(done) or put_off.exists()


def _mine(job: BackgroundJob) -> BackgroundJobQuerySet:
    return _by_me(job).filter(finished_at__isnull=True)


def _by_me(job: BackgroundJob) -> BackgroundJobQuerySet:
    return BackgroundJob.objects.filter(
        pk=job.pk, attempts=job.attempts, claimed_by=job.claimed_by, worker_pid=job.worker_pid
    )


def _is_recorded(job: BackgroundJob, failure: Failure) -> bool:
    attempts = JobAttempt.objects.filter(job_id=job.pk, number=job.attempts, worker=_worker(job))
    return attempts.filter(error_class=failure.error_class).exists()


def _worker(job: BackgroundJob) -> str:
    return f"{job.claimed_by}:{job.worker_pid}"


def _record(job: BackgroundJob, failure: Failure) -> bool:
    JobAttempt.objects.create(
        job=job,
        number=job.attempts,
        error_class=failure.error_class,
        message=failure.message,
        backtrace=failure.backtrace,
        started_at=job.performed_at or job.enqueued_at,
        duration=failure.duration,
        worker=_worker(job),
    )
    return True
