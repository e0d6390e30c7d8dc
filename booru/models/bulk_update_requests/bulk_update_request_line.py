"""The lines of an approved bulk update request, and how far each of them is."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils import timezone

from booru.models.bulk_update_requests.bulk_update_request import BulkUpdateRequest


class BulkUpdateRequestLineQuerySet(models.QuerySet["BulkUpdateRequestLine"]):
    def reset(self) -> None:
        """As if they had not been begun; what they did before they failed is in the posts' versions."""
        self.update(
            status=BulkUpdateRequestLine.Status.PENDING,
            posts_done=0,
            posts_total=None,
            posts_changed=0,
            posts_skipped=0,
            skipped=[],
            resume_after=0,
            error="",
            started_at=None,
            finished_at=None,
        )


class BulkUpdateRequestLine(models.Model):
    """One command of the script as it was approved; `number` counts from 1."""

    class Status(models.TextChoices):
        PENDING = "pending"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    bulk_update_request = models.ForeignKey(BulkUpdateRequest, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    text = models.TextField()
    status = models.TextField(choices=Status.choices, default=Status.PENDING)
    # Posts that were looked at, that there are to look at (null: not known yet), and that were changed.
    posts_done = models.PositiveIntegerField(default=0)
    posts_total = models.PositiveIntegerField(null=True, blank=True)
    posts_changed = models.PositiveIntegerField(default=0)
    # The last post that was dealt with: a run that died goes on after it.
    resume_after = models.BigIntegerField(default=0)
    # Posts that could not be saved: how many, and some of them as [id, reason].
    posts_skipped = models.PositiveIntegerField(default=0)
    skipped = models.JSONField(default=list, blank=True)
    error = models.TextField(default="", blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = BulkUpdateRequestLineQuerySet.as_manager()

    class Meta:
        db_table = "bulk_update_request_lines"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["bulk_update_request", "number"], name="unique_bulk_update_request_line"
            )
        ]

    def __str__(self) -> str:
        return f"line {self.number}: {self.text}"

    @property
    def is_done(self) -> bool:
        return self.status == self.Status.DONE

    @property
    def duration(self) -> timedelta | None:
        """How long it took, or takes so far."""
        return (self.finished_at or timezone.now()) - self.started_at if self.started_at else None

    @property
    def percent(self) -> int | None:
        """How much of its posts is done, as far as that is known."""
        return min(100, self.posts_done * 100 // self.posts_total) if self.posts_total else None

    @property
    def rate(self) -> float | None:
        """Posts a second."""
        if self.duration is None or not self.posts_done:
            return None
        return self.posts_done / max(self.duration.total_seconds(), 0.001)

    @property
    def time_left(self) -> timedelta | None:
        """How long it takes to do the rest, if it goes on as it did so far."""
        if self.status != self.Status.RUNNING or self.posts_total is None or not (rate := self.rate):
            return None
        return timedelta(seconds=max(self.posts_total - self.posts_done, 0) / rate)

    def start(self) -> None:
        """It is being done; one that was interrupted goes on."""
        self.status = self.Status.RUNNING
        self.started_at = self.started_at or timezone.now()
        self.save(update_fields=["status", "started_at"])

    def finish(self) -> None:
        """It is done. Posts that it did not find any more were never its business."""
        if self.posts_total is not None:
            self.posts_total = self.posts_done
        self.status = self.Status.DONE
        self.finished_at = timezone.now()
        self.save(update_fields=["status", "posts_total", "finished_at"])

    def fail(self, reason: str) -> None:
        self.status, self.error = self.Status.FAILED, reason
        self.finished_at = timezone.now()
        self.save(update_fields=["status", "error", "finished_at"])
