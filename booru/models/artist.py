"""Artists: who made the posts of an artist tag (behaviour D.7, B.4)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse

from booru.models.base import TimestampedModel
from booru.models.record_version import RecordVersion


class Artist(TimestampedModel):
    name = models.TextField(unique=True)
    group_name = models.TextField(default="", blank=True)
    other_names = ArrayField(models.TextField(), default=list, blank=True)
    # One that begins with `-` does not work any more.
    urls = ArrayField(models.TextField(), default=list, blank=True)
    is_deleted = models.BooleanField(default=False)
    is_banned = models.BooleanField(default=False)

    class Meta:
        db_table = "artists"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("artist", args=[self.pk])


class ArtistVersion(RecordVersion):
    artist = models.ForeignKey(Artist, models.CASCADE, related_name="versions")
    name = models.TextField()
    group_name = models.TextField(default="", blank=True)
    other_names = ArrayField(models.TextField(), default=list, blank=True)
    urls = ArrayField(models.TextField(), default=list, blank=True)
    is_deleted = models.BooleanField(default=False)
    is_banned = models.BooleanField(default=False)

    class Meta:
        db_table = "artist_versions"
        constraints = [models.UniqueConstraint(fields=["artist", "version"], name="unique_artist_version")]
