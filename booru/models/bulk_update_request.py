"""Bulk update requests, BURs: scripts over tags and posts (behaviour A)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from booru.models.base import TimestampedModel


class BulkUpdateRequest(TimestampedModel):
    class Status(models.TextChoices):
        PENDING = "pending"
        APPROVED = "approved"
        REJECTED = "rejected"
        PROCESSING = "processing"
        FAILED = "failed"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="bulk_update_requests")
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    forum_topic = models.ForeignKey(
        "booru.ForumTopic", models.SET_NULL, null=True, blank=True, related_name="bulk_update_requests"
    )
    forum_post = models.OneToOneField(
        "booru.ForumPost", models.SET_NULL, null=True, blank=True, related_name="bulk_update_request"
    )
    script = models.TextField()
    status = models.TextField(choices=Status.choices, default=Status.PENDING)
    tags = ArrayField(models.TextField(), default=list, blank=True)

    class Meta:
        db_table = "bulk_update_requests"
        ordering = ["-id"]
        indexes = [GinIndex(fields=["tags"], name="bulk_update_requests_tags")]
