"""Jobs: the one table that is the truth about each of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import IntegrityError, models, transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from jobs.engine.errors import JobActionError
from jobs.engine.models.batch import JobBatch
from jobs.engine.models.ids import uuid7
from jobs.engine.models.names import words
from jobs.engine.models.row_json import RowJSONField
from jobs.engine.models.status import CONDITIONS, FINISHED, RUNNING, UNFINISHED, WAITING, Hold, JobStatus
from jobs.engine.sql.waking import wake_workers

if TYPE_CHECKING:
    from typing import Self

    from jobs.engine.progress import Reporter


class BackgroundJobQuerySet(models.QuerySet["BackgroundJob"]):
    def with_status(self, *statuses: JobStatus) -> Self:
        """Jobs in any of these states."""
        condition = Q()
        for status in statuses:
            condition |= CONDITIONS[status]
        return self.filter(condition)

    def queued(self) -> Self:
        return self.with_status(JobStatus.QUEUED)

    def running(self) -> Self:
        return self.with_status(JobStatus.RUNNING)

    def discarded(self) -> Self:
        return self.with_status(JobStatus.DISCARDED)

    def finished(self) -> Self:
        return self.filter(FINISHED)

    def unfinished(self) -> Self:
        return self.filter(UNFINISHED)

    def annotate_status(self) -> Self:
        """Add `status_now` and `clock`, the state and the time by the database's clock."""
        whens = [When(condition, then=Value(status.value)) for status, condition in CONDITIONS.items()]
        return self.annotate(status_now=Case(*whens, output_field=models.TextField()), clock=Now())


class BackgroundJob(models.Model):
    """A job from when it is enqueued until it is pruned (behaviour H.1)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    job_class = models.TextField()
    arguments = RowJSONField(default=dict)
    context = RowJSONField(default=dict)
    # What django-q2 was told with a plain async_task(): hook, group, chain; empty for a Job.
    options = RowJSONField(default=dict)
    queue_name = models.TextField(default="default")
    priority = models.IntegerField(default=0)
    run_after = models.DateTimeField(db_default=Now())
    enqueued_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveIntegerField(default=0)
    # Those before a person asked for a retry, and those that were no fault of the job's: they do not count
    # against the limit of the retry policy.
    attempts_before_retry = models.PositiveIntegerField(default=0)
    crashes = models.PositiveSmallIntegerField(default=0)
    # Jobs that share one of these run one at a time, in the order in which they were enqueued.
    lock_keys = ArrayField(models.TextField(), null=True)
    held = models.TextField(choices=Hold, null=True)  # noqa: DJ001 -- null is "not held"
    # No second unfinished job has the same.
    unique_key = models.TextField(null=True)  # noqa: DJ001 -- null is "may be there twice"
    batch = models.ForeignKey(JobBatch, models.SET_NULL, null=True, related_name="jobs", db_index=False)
    # The entry of the schedule that enqueued it, and for when.
    cron_key = models.TextField(null=True)  # noqa: DJ001 -- null is "not by the schedule"
    cron_at = models.DateTimeField(null=True)
    # A person asked the running job to stop.
    cancel_requested_at = models.DateTimeField(null=True)
    claimed_by = models.UUIDField(null=True)
    worker_pid = models.IntegerField(null=True)
    performed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(null=True)  # noqa: DJ001 -- null is "no error", and an error may be empty
    # The end with an error was followed up: hooks called, admins told.
    announced = models.BooleanField(default=False)
    labels = ArrayField(models.TextField(), default=list, blank=True)
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="children", db_constraint=False, db_index=False
    )

    objects = BackgroundJobQuerySet.as_manager()

    explainer: ClassVar[Callable[[BackgroundJob], str]]
    retry_hook: ClassVar[Callable[[BackgroundJob], None]]
    # While it runs here.
    began_in_transaction = False
    unreadable = ""  # why the row could not be read; its values are none then
    reporter: Reporter | None = None

    if TYPE_CHECKING:
        status_now: str  # with annotate_status()
        clock: datetime  # likewise

    class Meta:
        db_table = "background_jobs"
        ordering = ["-id"]
        indexes = [
            # Of these, each queue and priority is a lane: see claim.sql.
            models.Index(
                fields=["queue_name", "priority", "run_after", "id"],
                name="background_jobs_lanes",
                condition=Q(performed_at__isnull=True, finished_at__isnull=True, held__isnull=True),
            ),
            models.Index(fields=["held", "id"], name="background_jobs_held", condition=Q(held__isnull=False)),
            GinIndex(
                fields=["lock_keys"],
                name="background_jobs_lock_keys",
                condition=Q(finished_at__isnull=True, lock_keys__isnull=False),
            ),
            models.Index(
                fields=["batch", "finished_at"],
                name="background_jobs_batch",
                condition=Q(batch__isnull=False),
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
            models.Index(
                fields=["id"],
                name="background_jobs_unannounced",
                condition=Q(finished_at__isnull=False, error__isnull=False, announced=False),
            ),
            models.Index(
                F("context__request_id"),
                name="background_jobs_request",
                condition=Q(context__has_key="request_id"),
            ),
            models.Index(
                F("context__client_request_id"),
                name="background_jobs_client_request",
                condition=Q(context__has_key="client_request_id"),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["unique_key"],
                name="background_jobs_unique_key",
                condition=Q(finished_at__isnull=True, unique_key__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["cron_key", "cron_at"],
                name="background_jobs_cron_tick",
                condition=Q(cron_key__isnull=False),
            ),
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

    def explain(self) -> str:
        """Why it is not running, in a sentence: "scheduled for …", "waits for the lock key …".

        Empty when it has finished.
        """
        return type(self).explainer(self)

    def cancel(self) -> None:
        """Discard it before it runs; ask it to stop, when it runs already.

        A running job stops at its next safe point, if it has any. Raises JobActionError when it has finished.
        """
        error = "JobCanceled: Canceled"
        waiting = BackgroundJob.objects.filter(WAITING, pk=self.pk)
        if waiting.update(finished_at=Now(), updated_at=Now(), error=error, held=None):
            self.refresh_from_db()
        else:
            self._change("cancelled", RUNNING, cancel_requested_at=Now())

    def retry(self) -> None:
        """Run a discarded job again, and tell its class (on_retry) in the same transaction.

        Its batch is unfinished again, and settled anew when it has ended. Raises JobActionError in any other
        state, when a job with its unique key is there again, and when its class refuses.
        """
        with transaction.atomic():
            # First, as whoever settles a batch: it sees this job, or this sees that the batch has finished.
            if self.batch_id:
                JobBatch.objects.filter(pk=self.batch_id).update(finished_at=None)
            self._change(
                "retried",
                CONDITIONS[JobStatus.DISCARDED],
                run_after=Now(),
                performed_at=None,
                finished_at=None,
                claimed_by=None,
                worker_pid=None,
                attempts_before_retry=F("attempts"),
                cancel_requested_at=None,
                announced=False,
                crashes=0,
            )
            type(self).retry_hook(self)
        wake_workers()

    def run_now(self) -> None:
        """Run a waiting job at once. Raises JobActionError when it runs or has finished."""
        self._change("run now", WAITING, run_after=Now())
        wake_workers()

    def _change(self, what: str, allowed: Q, **values: Any) -> None:
        """One statement, so that no worker can come in between."""
        try:
            with transaction.atomic():
                changed = BackgroundJob.objects.filter(allowed, pk=self.pk).update(updated_at=Now(), **values)
        except IntegrityError as error:
            raise JobActionError(
                f"{self.name} {self.pk} cannot be {what}: another with its key {self.unique_key} is there"
            ) from error
        if changed:
            self.refresh_from_db()
            return
        now = BackgroundJob.objects.annotate_status().filter(pk=self.pk).first()
        state = f"is {now.status_now}" if now else "no longer exists"
        raise JobActionError(f"{self.name} {self.pk} {state}, so it cannot be {what}")
