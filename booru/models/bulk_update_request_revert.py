"""The undoing of an applied bulk update request, and how far it is."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from booru.models.base import TimestampedModel
from booru.models.bulk_update_request import BulkUpdateRequest


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

    class Meta:
        db_table = "bulk_update_request_reverts"

    def __str__(self) -> str:
        return f"revert of {self.bulk_update_request}"
