"""Bans: who may not write, why and how long (behaviour I.8)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from booru.models.base import TimestampedModel


class Ban(TimestampedModel):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="bans")
    banner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.TextField()
    duration = models.DurationField()

    class Meta:
        db_table = "bans"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"ban #{self.pk}"
