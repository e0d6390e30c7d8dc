"""Versions of wiki pages (behaviour D.7)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from booru.models.pages.wiki_page import WikiPage
from booru.models.versions.record_version import RecordVersion


class WikiPageVersion(RecordVersion):
    wiki_page = models.ForeignKey(WikiPage, models.CASCADE, related_name="versions")
    title = models.TextField()
    body = models.TextField(default="", blank=True)
    other_names = ArrayField(models.TextField(), default=list, blank=True)
    is_locked = models.BooleanField(default=False)
    is_deleted = models.BooleanField(default=False)

    class Meta:
        db_table = "wiki_page_versions"
        constraints = [
            models.UniqueConstraint(fields=["wiki_page", "version"], name="unique_wiki_page_version")
        ]
