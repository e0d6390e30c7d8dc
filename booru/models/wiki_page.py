"""Wiki pages, as far as tags need them (behaviour D.7, B.4)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from booru.models.base import TimestampedModel


class WikiPage(TimestampedModel):
    title = models.TextField(unique=True)
    body = models.TextField(default="", blank=True)
    other_names = ArrayField(models.TextField(), default=list, blank=True)
    is_locked = models.BooleanField(default=False)
    is_deleted = models.BooleanField(default=False)

    class Meta:
        db_table = "wiki_pages"

    def __str__(self) -> str:
        return self.title
