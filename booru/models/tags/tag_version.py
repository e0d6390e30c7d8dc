"""Versions of tags: their names, categories and deprecation (behaviour C.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models

from booru.models.versions.record_version import RecordVersion

if TYPE_CHECKING:
    from datetime import datetime

    from booru.models.tags.tag import Tag
    from booru.models.versions.credit import Credit


class TagVersionManager(models.Manager["TagVersion"]):
    def record(self, before: Tag, after: Tag, credit: Credit) -> None:
        """Write down a change, and at the first one the state before it, which nobody made.

        Edits are never merged. The tag's row must be locked.
        """
        latest = self.filter(tag=after).order_by("-version").values_list("version", flat=True).first()
        if latest is None:
            latest = 1
            self._write(before, latest, before.updated_at)
        self._write(after, latest + 1, after.updated_at, credit)

    def _write(self, tag: Tag, version: int, time: datetime, credit: Credit | None = None) -> None:
        self.create(
            tag=tag,
            version=version,
            name=tag.name,
            category=tag.category,
            is_deprecated=tag.is_deprecated,
            updater=credit.user if credit else None,
            bulk_update_request=credit.bulk_update_request if credit else None,
            created_at=time,
            updated_at=time,
        )


class TagVersion(RecordVersion):
    """None when a tag is made; the first change writes two, the state before it and the one after it."""

    tag = models.ForeignKey("booru.Tag", models.CASCADE, related_name="versions")
    name = models.TextField()
    category = models.SmallIntegerField()
    is_deprecated = models.BooleanField(default=False)

    objects: ClassVar[TagVersionManager] = TagVersionManager()

    class Meta:
        db_table = "tag_versions"
        constraints = [models.UniqueConstraint(fields=["tag", "version"], name="unique_tag_version")]
