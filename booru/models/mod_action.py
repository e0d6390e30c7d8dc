"""What moderators and admins did, for everybody to see (behaviour I.7)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from booru.models.base import TimestampedModel


class ModAction(TimestampedModel):
    class Category(models.IntegerChoices):
        """Danbooru's numbers."""

        TAG_ALIAS_DELETE = 122
        TAG_IMPLICATION_DELETE = 142

    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="mod_actions")
    description = models.TextField()
    category = models.SmallIntegerField(choices=Category.choices)
    subject_type = models.TextField(default="", blank=True)
    subject_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        db_table = "mod_actions"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.description
