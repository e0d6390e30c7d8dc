"""Searches that users keep (behaviour B.4, N)."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from booru.models.base import TimestampedModel


class SavedSearch(TimestampedModel):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_searches")
    query = models.TextField()
    labels = ArrayField(models.TextField(), default=list, blank=True)

    class Meta:
        db_table = "saved_searches"

    def __str__(self) -> str:
        return self.query
