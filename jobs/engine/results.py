"""How an attempt ends: success, another attempt later, or an error for good.

Each change is fenced: a worker that was taken for dead changes nothing more. All return False then.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from jobs.engine.failure import Failure
from jobs.engine.models import BackgroundJob, BackgroundJobQuerySet, JobAttempt


def finish(job: BackgroundJob) -> bool:
    """Record success. A claim of the next job does the same in one go: see claims."""
    return _mine(job).update(finished_at=Now(), updated_at=Now(), error=None) == 1


def discard(job: BackgroundJob, failure: Failure, *, quietly: bool = False) -> bool:
    """Record that the job ended with this error. `quietly`: there is no aftercare, see there."""
    with transaction.atomic():
        done = _mine(job).update(finished_at=Now(), updated_at=Now(), error=failure.text, announced=quietly)
        return bool(done) and _record(job, failure)


def retry_later(job: BackgroundJob, failure: Failure, delay: timedelta) -> bool:
    """Put the job back, to be tried again after the delay."""
    with transaction.atomic():
        done = _mine(job).update(
            performed_at=None,
            claimed_by=None,
            worker_pid=None,
            cancel_requested_at=None,
            run_after=Now() + delay,
            updated_at=Now(),
            error=failure.text,
        )
        return bool(done) and _record(job, failure)


def postpone(job: BackgroundJob, reason: str, delay: timedelta) -> bool:
    """Put the job back until the delay is over, as if this attempt had not been."""
    return (
        _mine(job).update(
            performed_at=None,
            claimed_by=None,
            worker_pid=None,
            attempts_before_retry=F("attempts_before_retry") + 1,
            run_after=Now() + delay,
            updated_at=Now(),
            error=reason,
        )
        == 1
    )


def _mine(job: BackgroundJob) -> BackgroundJobQuerySet:
    return BackgroundJob.objects.filter(
        pk=job.pk,
        attempts=job.attempts,
        claimed_by=job.claimed_by,
        worker_pid=job.worker_pid,
        finished_at__isnull=True,
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
