"""Who was called what, and since when (behaviour I.9)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from booru.models.base import TimestampedModel


class UserNameChangeRequest(TimestampedModel):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="user_name_change_requests"
    )
    original_name = models.TextField()
    desired_name = models.TextField()

    class Meta:
        db_table = "user_name_change_requests"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.original_name} -> {self.desired_name}"
