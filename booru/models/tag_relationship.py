"""What aliases and implications have in common (behaviour B.1)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from booru.models.base import TimestampedModel


class TagRelationship(TimestampedModel):
    class Status(models.TextChoices):
        ACTIVE = "active"
        DELETED = "deleted"
        RETIRED = "retired"

    antecedent_name = models.TextField()
    consequent_name = models.TextField()
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    forum_topic = models.ForeignKey("booru.ForumTopic", models.SET_NULL, null=True, blank=True, related_name="+")
    forum_post = models.ForeignKey("booru.ForumPost", models.SET_NULL, null=True, blank=True, related_name="+")
    status = models.TextField(choices=Status.choices, default=Status.ACTIVE)
    reason = models.TextField(default="", blank=True)

    class Meta:
        abstract = True
        indexes = [
            models.Index(fields=["antecedent_name", "status"], name="%(class)s_antecedent"),
            models.Index(fields=["consequent_name", "status"], name="%(class)s_consequent"),
        ]

    def __str__(self) -> str:
        return f"{self.antecedent_name} -> {self.consequent_name}"
