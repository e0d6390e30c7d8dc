"""Who was called what, and since when (behaviour I.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.urls import reverse

from booru.models.accounts.user import User
from booru.models.base import TimestampedModel

if TYPE_CHECKING:
    from typing import Self


class UserNameChangeRequestQuerySet(models.QuerySet["UserNameChangeRequest"]):
    def visible_to(self, user: object) -> Self:
        """All for moderators; who else is logged in does not learn what deleted users were called."""
        if not isinstance(user, User):
            return self.none()
        return self if user.is_moderator else self.filter(user__is_deleted=False)


class UserNameChangeRequest(TimestampedModel):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="user_name_change_requests"
    )
    original_name = models.TextField()
    desired_name = models.TextField()

    objects = UserNameChangeRequestQuerySet.as_manager()

    class Meta:
        db_table = "user_name_change_requests"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.original_name} -> {self.desired_name}"

    def get_absolute_url(self) -> str:
        return reverse("user_name_change_request", args=[self.pk])
