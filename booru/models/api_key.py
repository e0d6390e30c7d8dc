"""Keys with which programs act as a user (behaviour 0.3, N)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from booru.models.base import TimestampedModel


class ApiKey(TimestampedModel):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_keys")
    key = models.TextField(unique=True)
    name = models.TextField(default="", blank=True)
    # Both: none means all.
    permissions = ArrayField(models.TextField(), default=list, blank=True)
    permitted_ip_addresses = ArrayField(models.TextField(), default=list, blank=True)
    uses = models.PositiveIntegerField(default=0)
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_ip_address = models.GenericIPAddressField(null=True, blank=True)

    class Meta:
        db_table = "api_keys"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name or f"API key #{self.pk}"
