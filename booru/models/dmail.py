"""Private messages between users (behaviour E)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from booru.models.base import TimestampedModel


class Dmail(TimestampedModel):
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="dmails")
    from_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_column="from_id"
    )
    to_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_column="to_id")
    title = models.TextField()
    body = models.TextField()
    is_read = models.BooleanField(default=False)
    is_deleted = models.BooleanField(default=False)

    class Meta:
        db_table = "dmails"
        ordering = ["-id"]
