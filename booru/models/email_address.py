"""A user's email address (behaviour F)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from booru.models.base import TimestampedModel


class EmailAddress(TimestampedModel):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="email_address")
    address = models.TextField()
    normalized_address = models.TextField(unique=True)
    is_verified = models.BooleanField(default=False)
    is_deliverable = models.BooleanField(default=True)

    class Meta:
        db_table = "email_addresses"
        constraints = [models.UniqueConstraint(Lower("address"), name="unique_email_address")]

    def __str__(self) -> str:
        return self.address
