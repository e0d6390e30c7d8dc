"""Reports of messages that break the rules, for moderators (behaviour E.4, E.6)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from booru.models.base import TimestampedModel


class ModerationReport(TimestampedModel):
    class Status(models.IntegerChoices):
        """Danbooru's numbers."""

        PENDING = 0
        REJECTED = 1
        HANDLED = 2

    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="moderation_reports")
    # What is reported: a model's name and its id, as in ModAction.
    subject_type = models.TextField()
    subject_id = models.BigIntegerField()
    reason = models.TextField()
    status = models.SmallIntegerField(choices=Status.choices, default=Status.PENDING)
    updater = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        db_table = "moderation_reports"
        ordering = ["-id"]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="moderation_reports_subject")]

    def __str__(self) -> str:
        return f"moderation report #{self.pk}"
