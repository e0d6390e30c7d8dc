"""What users and the site put on a user's record (behaviour E.8, I.8, I.10)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from booru.models.base import TimestampedModel


class UserFeedback(TimestampedModel):
    class Category(models.TextChoices):
        POSITIVE = "positive"
        NEGATIVE = "negative"
        NEUTRAL = "neutral"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="feedback")
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    category = models.TextField(choices=Category.choices)
    # DText.
    body = models.TextField()
    is_deleted = models.BooleanField(default=False)

    class Meta:
        db_table = "user_feedback"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"user feedback #{self.pk}"
