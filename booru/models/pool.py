"""Pools: posts that belong together, in an order (behaviour D.7)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse

from booru.models.base import TimestampedModel
from booru.models.record_version import RecordVersion


class Pool(TimestampedModel):
    class Category(models.TextChoices):
        SERIES = "series"
        COLLECTION = "collection"

    name = models.TextField()
    description = models.TextField(default="", blank=True)
    category = models.TextField(choices=Category.choices, default=Category.SERIES)
    # In the order in which they are shown.
    post_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    is_deleted = models.BooleanField(default=False)

    class Meta:
        db_table = "pools"
        constraints = [models.UniqueConstraint(Lower("name"), name="unique_pool_name")]
        indexes = [GinIndex(fields=["post_ids"], name="pools_post_ids")]

    def __str__(self) -> str:
        return f"pool #{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("pool", args=[self.pk])

    @property
    def pretty_name(self) -> str:
        return self.name.replace("_", " ")


class PoolVersion(RecordVersion):
    pool = models.ForeignKey(Pool, models.CASCADE, related_name="versions")
    name = models.TextField()
    description = models.TextField(default="", blank=True)
    category = models.TextField()
    post_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    is_deleted = models.BooleanField(default=False)

    class Meta:
        db_table = "pool_versions"
        constraints = [models.UniqueConstraint(fields=["pool", "version"], name="unique_pool_version")]
