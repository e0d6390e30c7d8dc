"""Bans: who may not write, why and how long (behaviour I.8)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import ExpressionWrapper, F
from django.urls import reverse
from django.utils import timezone

from booru.models.accounts.user import User
from booru.models.base import TimestampedModel
from booru.rules.text import dtext_attribute, visible_text_errors

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final, Self

MAX_REASON = 600
FOREVER: Final = timedelta(days=36_500)
# Those that there are, in words. A month counts as 30 days, a year as 365, and 100 years as forever.
DURATIONS: Final[Mapping[timedelta, str]] = {
    timedelta(days=1): "1 day",
    timedelta(days=3): "3 days",
    timedelta(days=7): "7 days",
    timedelta(days=30): "1 month",
    timedelta(days=90): "3 months",
    timedelta(days=180): "6 months",
    timedelta(days=365): "1 year",
    FOREVER: "forever",
}


class BanQuerySet(models.QuerySet["Ban"]):
    def active(self) -> Self:
        """Those that have not run out."""
        end = ExpressionWrapper(F("created_at") + F("duration"), models.DateTimeField())
        return self.alias(end=end).filter(end__gt=timezone.now())


class BanManager(models.Manager["Ban"].from_queryset(BanQuerySet)):  # type: ignore[misc]
    def current(self, user: User) -> Ban | None:
        """The ban that keeps the user from writing now."""
        ban: Ban | None = self.active().filter(user=user).select_related("banner").first()
        return ban

    @transaction.atomic
    def set_flag(self, user: User) -> None:
        """Set right whether the user is banned, on the row and on this object."""
        # Whoever holds the row counts the bans that others saved before.
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        user.is_banned = self.active().filter(user=user).exists()
        User.objects.filter(pk=user.pk).update(is_banned=user.is_banned)


class Ban(TimestampedModel):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="bans")
    banner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # DText.
    reason = models.TextField()
    duration = models.DurationField()

    objects: ClassVar[BanManager] = BanManager()

    class Meta:
        db_table = "bans"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"ban #{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("ban", args=[self.pk])

    @property
    def expires_at(self) -> datetime:
        return self.created_at + self.duration

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def is_forever(self) -> bool:
        return self.duration == FOREVER

    @property
    def humanized_duration(self) -> str:
        """How long, in words: `3 days`, `forever`."""
        return DURATIONS.get(self.duration, str(self.duration))

    def problems(self) -> dict[str, list[str]]:
        """What is wrong with each field; brings the reason into its saved form."""
        self.reason = dtext_attribute(self.reason)
        is_known = self.duration in DURATIONS
        return {
            "user": [] if self.user_id else ["must exist"],
            "reason": visible_text_errors(self.reason, MAX_REASON),
            "duration": [] if is_known else [f"{self.duration} is not a valid ban duration"],
        }
