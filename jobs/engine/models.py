"""The tables: jobs, their failed attempts, and the clusters that work them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from jobs.engine.errors import JobActionError
from jobs.engine.ids import uuid7
from jobs.engine.names import words
from jobs.engine.sql import wake_workers

if TYPE_CHECKING:
    from typing import Self


class JobStatus(models.TextChoices):
    """What a job is doing (behaviour H.1)."""

    SCHEDULED = "scheduled"  # waits for its time, never tried
    QUEUED = "queued"  # could start now
    RUNNING = "running"
    RETRIED = "retried"  # failed, waits for its time to be tried again
    SUCCEEDED = "succeeded"
    DISCARDED = "discarded"  # finished with an error


_FINISHED = Q(finished_at__isnull=False)
_RUNNING = Q(finished_at__isnull=True, performed_at__isnull=False)
_WAITING = Q(finished_at__isnull=True, performed_at__isnull=True)
_STATUS: dict[JobStatus, Q] = {
    JobStatus.SUCCEEDED: _FINISHED & Q(error__isnull=True),
    JobStatus.DISCARDED: _FINISHED & Q(error__isnull=False),
    JobStatus.RUNNING: _RUNNING,
    JobStatus.QUEUED: _WAITING & Q(run_after__lte=Now()),
    JobStatus.RETRIED: _WAITING & Q(run_after__gt=Now(), attempts__gt=0),
    JobStatus.SCHEDULED: _WAITING & Q(run_after__gt=Now(), attempts=0),
}


class BackgroundJobQuerySet(models.QuerySet["BackgroundJob"]):
    def with_status(self, *statuses: JobStatus) -> Self:
        """Jobs in any of these states."""
        condition = Q()
        for status in statuses:
            condition |= _STATUS[status]
        return self.filter(condition)

    def queued(self) -> Self:
        return self.with_status(JobStatus.QUEUED)

    def running(self) -> Self:
        return self.with_status(JobStatus.RUNNING)

    def discarded(self) -> Self:
        return self.with_status(JobStatus.DISCARDED)

    def finished(self) -> Self:
        return self.filter(_FINISHED)

    def unfinished(self) -> Self:
        return self.filter(finished_at__isnull=True)

    def annotate_status(self) -> Self:
        """Add `status_now` and `clock`, the state and the time by the database's clock."""
        whens = [When(condition, then=Value(status.value)) for status, condition in _STATUS.items()]
        return self.annotate(status_now=Case(*whens, output_field=models.TextField()), clock=Now())


class BackgroundJob(models.Model):
    """A job from when it is enqueued until it is pruned (behaviour H.1)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    job_class = models.TextField()
    arguments = models.JSONField(default=dict)
    context = models.JSONField(default=dict)
    # What django-q2 was told with a plain async_task(): hook, group, chain; empty for a Job.
    options = models.JSONField(default=dict)
    queue_name = models.TextField(default="default")
    priority = models.IntegerField(default=0)
    run_after = models.DateTimeField(db_default=Now())
    enqueued_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveIntegerField(default=0)
    # Those before a person asked for a retry; they do not count against the limit of the retry policy.
    attempts_before_retry = models.PositiveIntegerField(default=0)
    crashes = models.PositiveSmallIntegerField(default=0)
    claimed_by = models.UUIDField(null=True)
    worker_pid = models.IntegerField(null=True)
    performed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(null=True)  # noqa: DJ001 -- null is "no error", and an error may be empty
    labels = ArrayField(models.TextField(), default=list, blank=True)
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="children", db_constraint=False, db_index=False
    )

    objects = BackgroundJobQuerySet.as_manager()

    if TYPE_CHECKING:
        status_now: str  # with annotate_status()
        clock: datetime  # likewise

    class Meta:
        db_table = "background_jobs"
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["priority", "run_after", "id"],
                name="background_jobs_waiting",
                condition=Q(performed_at__isnull=True, finished_at__isnull=True),
            ),
            models.Index(
                fields=["claimed_by"],
                name="background_jobs_running",
                condition=Q(performed_at__isnull=False, finished_at__isnull=True),
            ),
            models.Index(fields=["job_class", "-id"], name="background_jobs_class"),
            models.Index(
                fields=["-finished_at"],
                name="background_jobs_finished",
                condition=Q(finished_at__isnull=False),
            ),
            models.Index(
                fields=["-id"],
                name="background_jobs_discarded",
                condition=Q(finished_at__isnull=False, error__isnull=False),
            ),
            models.Index(F("context__request_id"), name="background_jobs_request_id"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("jobs:job", args=[self.pk])

    @property
    def name(self) -> str:
        """The class name in words, without "Job": "Process Bulk Update Request" (behaviour H.5)."""
        return words(self.job_class)

    @property
    def queue_delay(self) -> timedelta | None:
        """How long it waited for a worker after its time had come."""
        if self.performed_at is None:
            return None
        return max(self.performed_at - self.run_after, timedelta(0))

    @property
    def duration(self) -> timedelta | None:
        """How long the last attempt ran, so far if it is running; None when none has begun."""
        if self.performed_at is None:
            return None
        now: datetime = getattr(self, "clock", None) or timezone.now()
        return (self.finished_at or now) - self.performed_at

    def cancel(self) -> None:
        """Discard it before it runs. Raises JobActionError when it runs or has finished."""
        error = "JobCanceled: Canceled"
        self._change("cancelled", _WAITING, finished_at=Now(), error=error)

    def retry(self) -> None:
        """Run a discarded job again. Raises JobActionError in any other state."""
        self._change(
            "retried",
            _STATUS[JobStatus.DISCARDED],
            run_after=Now(),
            performed_at=None,
            finished_at=None,
            claimed_by=None,
            worker_pid=None,
            attempts_before_retry=F("attempts"),
            crashes=0,
        )
        wake_workers()

    def run_now(self) -> None:
        """Run a waiting job at once. Raises JobActionError when it runs or has finished."""
        self._change("run now", _WAITING, run_after=Now())
        wake_workers()

    def _change(self, what: str, allowed: Q, **values: Any) -> None:
        """One statement, so that no worker can come in between."""
        changed = BackgroundJob.objects.filter(allowed, pk=self.pk).update(updated_at=Now(), **values)
        if changed:
            self.refresh_from_db()
            return
        now = BackgroundJob.objects.annotate_status().filter(pk=self.pk).first()
        state = f"is {now.status_now}" if now else "does not exist any more"
        raise JobActionError(f"{self.name} {self.pk} {state}, so it cannot be {what}")


class JobAttempt(models.Model):
    """An attempt that failed; success leaves no row here."""

    job = models.ForeignKey(BackgroundJob, models.CASCADE, related_name="failed_attempts")
    number = models.PositiveIntegerField()
    error_class = models.TextField()
    message = models.TextField()
    backtrace = models.TextField(blank=True)
    started_at = models.DateTimeField()
    duration = models.DurationField()
    worker = models.TextField(blank=True)

    class Meta:
        db_table = "background_job_attempts"
        ordering = ["number", "id"]


class WorkerCluster(models.Model):
    """A running qcluster: its heartbeat and the workers that are alive."""

    id = models.UUIDField(primary_key=True)
    host = models.TextField()
    pid = models.IntegerField()
    sentinel_pid = models.IntegerField()
    worker_pids = ArrayField(models.IntegerField(), default=list)
    queue_name = models.TextField()
    status = models.TextField()
    # The other figures of django-q2's Stat, for qmonitor and qinfo.
    stat = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "background_job_clusters"

    def __str__(self) -> str:
        return f"{self.host}:{self.pid}"
