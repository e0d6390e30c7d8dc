"""Versions of tags: their names, categories and deprecation (behaviour C.5)."""

from django.db import models

from booru.models.record_version import RecordVersion
from booru.models.tag import Tag


class TagVersion(RecordVersion):
    """None when a tag is made; the first change writes two, the state before it and the one after it."""

    tag = models.ForeignKey(Tag, models.CASCADE, related_name="versions")
    name = models.TextField()
    category = models.SmallIntegerField()
    is_deprecated = models.BooleanField(default=False)

    class Meta:
        db_table = "tag_versions"
        constraints = [models.UniqueConstraint(fields=["tag", "version"], name="unique_tag_version")]
