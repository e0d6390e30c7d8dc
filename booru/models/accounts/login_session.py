"""Where a user is logged in (behaviour I.6)."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone

from booru.models.base import TimestampedModel

if TYPE_CHECKING:
    from typing import Self


class LoginSessionQuerySet(models.QuerySet["LoginSession"]):
    def active(self) -> Self:
        return self.filter(status=LoginSession.Status.ACTIVE)

    def revoke(self) -> int:
        """End those that are still active; returns how many."""
        return self._end(LoginSession.Status.REVOKED)

    def log_out(self) -> int:
        """As `revoke`, for who leaves of their own accord."""
        return self._end(LoginSession.Status.LOGGED_OUT)

    def expire(self) -> int:
        """End those whose browser has not been here for as long as its cookie lives; returns how many."""
        oldest = timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
        return self.filter(last_seen_at__lt=oldest)._end(LoginSession.Status.EXPIRED)

    def _end(self, status: LoginSession.Status) -> int:
        return self.active().update(status=status, updated_at=timezone.now())


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

    objects = LoginSessionQuerySet.as_manager()

    class Meta:
        db_table = "login_sessions"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"login session #{self.pk}"

    @property
    def is_active(self) -> bool:
        return self.status == self.Status.ACTIVE

    @property
    def status_name(self) -> str:
        return self.Status(self.status).name.lower()
