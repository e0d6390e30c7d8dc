"""The undoing of an applied bulk update request, and how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from booru.models.base import TimestampedModel
from booru.models.bulk_update_requests.bulk_update_failure import reason_named, reason_of
from booru.models.bulk_update_requests.bulk_update_request import BulkUpdateRequest
from jobs.bulk_update_requests import TEMPORARY_ERRORS, RevertBulkUpdateRequestJob
from jobs.engine import progress
from jobs.engine.errors import JobLost

if TYPE_CHECKING:
    from booru.models.accounts.user import User

# Of the things that could not be undone, so many are named.
_PROBLEMS_NAMED = 100
_MAX_PROBLEM = 500


class RevertSteps(Protocol):
    """What undoes the request of a revert."""

    def __init__(self, revert: BulkUpdateRequestRevert) -> None: ...

    def run(self) -> None: ...


class BulkUpdateRequestRevertManager(models.Manager["BulkUpdateRequestRevert"]):
    @transaction.atomic
    def request(self, bulk_update_request: BulkUpdateRequest, reverter: User) -> BulkUpdateRequestRevert:
        """Enqueue the job that undoes the request. Raises ValidationError when there is nothing to undo."""
        bur = BulkUpdateRequest.objects.select_for_update(no_key=True).get(pk=bulk_update_request.pk)
        if not bur.can_be_reverted:
            what = "being reverted" if bur.is_being_reverted else bur.status
            raise ValidationError(f"{bur} is {what}")
        if bur.status == bur.Status.FAILED:
            # When it is approved again, nothing of it is done any more.
            bur.processor.prepare_lines(from_start=True)
        self.filter(bulk_update_request=bur).delete()
        revert = self.create(bulk_update_request=bur, reverter=reverter)
        RevertBulkUpdateRequestJob.enqueue(bur)
        return revert


class BulkUpdateRequestRevert(TimestampedModel):
    """Who undoes a request, and what could not be undone. There is one a request: it may be repeated."""

    class Status(models.TextChoices):
        PENDING = "pending"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    bulk_update_request = models.OneToOneField(BulkUpdateRequest, models.CASCADE, related_name="revert")
    reverter = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    status = models.TextField(choices=Status.choices, default=Status.PENDING)
    # Posts that were looked at, that there are to look at (null: not known yet), and that were changed.
    posts_done = models.PositiveIntegerField(default=0)
    posts_total = models.PositiveIntegerField(null=True, blank=True)
    posts_changed = models.PositiveIntegerField(default=0)
    # The last post that was dealt with: a run that died goes on after it.
    resume_after = models.BigIntegerField(default=0)
    # What could not be undone, and why: how often, and the first of them as DText.
    problem_count = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list, blank=True)
    error = models.TextField(default="", blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[BulkUpdateRequestRevertManager] = BulkUpdateRequestRevertManager()

    # It works on the models, so it is set from outside (booru.apps).
    steps_class: ClassVar[type[RevertSteps]]

    class Meta:
        db_table = "bulk_update_request_reverts"

    def __str__(self) -> str:
        return f"revert of {self.bulk_update_request}"

    @property
    def is_unfinished(self) -> bool:
        return self.status in {self.Status.PENDING, self.Status.RUNNING}

    @property
    def percent(self) -> int | None:
        """How much of its posts is done, as far as that is known."""
        return min(100, self.posts_done * 100 // self.posts_total) if self.posts_total else None

    def process(self) -> None:
        """Undo the request; what the job does.

        Each step commits its work. After an error that passes the job comes back, and goes on.
        """
        self.status = self.Status.RUNNING
        self.started_at = self.started_at or timezone.now()
        self.save(update_fields=["status", "started_at", "updated_at"])
        try:
            self.steps_class(self).run()
        except (*TEMPORARY_ERRORS, JobLost):
            raise
        except Exception as error:
            self._finish(self.Status.FAILED, reason_of(error))
            raise
        self._finish(self.Status.DONE)

    def job_was_discarded(self, error: str) -> None:
        """Its job ended where process() could not say so: cancelled, or three workers died of it."""
        jobs = RevertBulkUpdateRequestJob.jobs_of(self.bulk_update_request)
        if self.is_unfinished and not jobs.unfinished().exists():
            self._finish(self.Status.FAILED, reason_named(error))

    def job_is_retried(self) -> None:
        """Its job is enqueued again, and goes on. Raises ValidationError when it is done."""
        if self.status == self.Status.DONE:
            raise ValidationError(f"{self.bulk_update_request} is reverted already")
        self.status, self.error, self.finished_at = self.Status.PENDING, "", None
        self.save(update_fields=["status", "error", "finished_at", "updated_at"])

    def note(self, problem: str) -> None:
        """Remember something that could not be undone, and why."""
        problem = problem[:_MAX_PROBLEM]
        if problem in self.problems:  # an earlier run, which was interrupted, has said so
            return
        if len(self.problems) < _PROBLEMS_NAMED:
            self.problems.append(problem)
        self.problem_count += 1
        self.save(update_fields=["problems", "problem_count"])

    def expect(self, posts: int) -> None:
        """So many more posts will be looked at."""
        self.posts_total = self.posts_done + posts
        self.save(update_fields=["posts_total"])
        self._report()

    def batch_done(self, last_id: int, looked_at: int, changed: int) -> None:
        """Called in the transaction of the batch, so that both are saved or neither is."""
        self.posts_done += looked_at
        self.posts_changed += changed
        self.resume_after = last_id
        self.save(update_fields=["posts_done", "posts_changed", "resume_after"])
        self._report()

    def _report(self) -> None:
        progress.report(self.posts_done, self.posts_total, f"reverting {self.bulk_update_request}")

    @transaction.atomic
    def _finish(self, status: Status, error: str = "") -> None:
        self.status, self.error, self.finished_at = status, error, timezone.now()
        self.save(update_fields=["status", "error", "finished_at", "updated_at"])
        by = f"by @{self.reverter.name}"
        if error:
            self.bulk_update_request.announce(f"could not be reverted {by}: {error}.")
        elif self.problem_count:
            self.bulk_update_request.announce(
                f"has been reverted {by}, but for some things that could not be undone; its page lists them."
            )
        else:
            self.bulk_update_request.announce(f"has been reverted {by}.")
