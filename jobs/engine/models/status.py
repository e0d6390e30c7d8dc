"""What a job is doing, as conditions on its row (behaviour H.1)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class JobStatus(models.TextChoices):
    """What a job is doing."""

    SCHEDULED = "scheduled"  # waits for its time, never tried
    QUEUED = "queued"  # its time has come
    RUNNING = "running"
    RETRIED = "retried"  # failed, waits for its time to be tried again
    SUCCEEDED = "succeeded"
    DISCARDED = "discarded"  # finished with an error


class Hold(models.TextChoices):
    """Why a job whose time has come is passed over by the workers."""

    LOCK = "lock"  # another job has one of its lock keys
    PAUSE = "pause"  # its class is paused


FINISHED = Q(finished_at__isnull=False)
UNFINISHED = Q(finished_at__isnull=True)
RUNNING = UNFINISHED & Q(performed_at__isnull=False)
WAITING = UNFINISHED & Q(performed_at__isnull=True)

CONDITIONS: dict[JobStatus, Q] = {
    JobStatus.SUCCEEDED: FINISHED & Q(error__isnull=True),
    JobStatus.DISCARDED: FINISHED & Q(error__isnull=False),
    JobStatus.RUNNING: RUNNING,
    JobStatus.QUEUED: WAITING & Q(run_after__lte=Now()),
    JobStatus.RETRIED: WAITING & Q(run_after__gt=Now(), attempts__gt=0),
    JobStatus.SCHEDULED: WAITING & Q(run_after__gt=Now(), attempts=0),
}
