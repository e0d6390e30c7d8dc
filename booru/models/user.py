"""Users and their levels (behaviour I.1)."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models.functions import Lower

from booru.models.base import TimestampedModel


class Level(models.IntegerChoices):
    ANONYMOUS = 0
    RESTRICTED = 10
    MEMBER = 20
    GOLD = 30
    PLATINUM = 31
    BUILDER = 32
    CONTRIBUTOR = 35
    APPROVER = 37
    MODERATOR = 40
    ADMIN = 50
    OWNER = 60


class User(AbstractBaseUser, TimestampedModel):
    name = models.CharField(max_length=255)
    level = models.SmallIntegerField(choices=Level.choices, default=Level.MEMBER)
    last_logged_in_at = models.DateTimeField(null=True, blank=True)
    last_ip_addr = models.GenericIPAddressField(null=True, blank=True)
    unread_dmail_count = models.PositiveIntegerField(default=0)
    post_update_count = models.PositiveIntegerField(default=0)
    is_banned = models.BooleanField(default=False)
    is_deleted = models.BooleanField(default=False)
    receive_email_notifications = models.BooleanField(default=False)

    last_login = None

    USERNAME_FIELD = "name"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        db_table = "users"
        constraints = [models.UniqueConstraint(Lower("name"), name="unique_user_name")]

    def __str__(self) -> str:
        return self.name
