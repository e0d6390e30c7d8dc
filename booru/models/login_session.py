"""Where a user is logged in (behaviour I.6)."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from booru.models.base import TimestampedModel


class LoginSession(TimestampedModel):
    class Status(models.IntegerChoices):
        """Danbooru's numbers."""

        ACTIVE = 0
        LOGGED_OUT = 1000
        REVOKED = 2000
        EXPIRED = 3000

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="login_sessions")
    # Kept in the web session of who logged in.
    login_id = models.UUIDField(default=uuid.uuid4, unique=True)
    # A keyed digest of that session's key.
    session_id = models.TextField(default="", blank=True)
    status = models.SmallIntegerField(choices=Status.choices, default=Status.ACTIVE)
    last_seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "login_sessions"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"login session #{self.pk}"
