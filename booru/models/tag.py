"""Tags (behaviour C)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from booru.models.base import TimestampedModel


class TagCategory(models.IntegerChoices):
    GENERAL = 0
    ARTIST = 1
    COPYRIGHT = 3
    CHARACTER = 4
    META = 5


class Tag(TimestampedModel):
    name = models.TextField(unique=True)
    category = models.SmallIntegerField(choices=TagCategory.choices, default=TagCategory.GENERAL)
    post_count = models.IntegerField(default=0)
    is_deprecated = models.BooleanField(default=False)
    words = ArrayField(models.TextField(), default=list)

    class Meta:
        db_table = "tags"
        indexes = [models.Index(fields=["-post_count"], name="tags_post_count")]

    def __str__(self) -> str:
        return self.name
