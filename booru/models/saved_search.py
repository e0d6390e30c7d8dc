"""Searches that users keep (behaviour B.4, N)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models, transaction

from booru.models.base import TimestampedModel
from booru.models.tag_alias import TagAlias
from booru.models.word_index import has_word, words
from booru.search_language import SearchQuery
from booru.tag_words import rename_word

_BATCH = 200


class SavedSearchManager(models.Manager["SavedSearch"]):
    def naming(self, tag_name: str) -> models.QuerySet[SavedSearch]:
        """The searches in which the tag is a word of its own."""
        return self.alias(words=words("query")).filter(has_word(tag_name))

    def rename_tag(self, old: str, new: str) -> None:
        """Let everybody's searches find the tag `old` under the name `new` (behaviour B.4, step 8).

        No rule is checked; each batch commits by itself.
        """
        last = 0
        while done := self._rename_batch(old, new, after=last):
            last = done[-1].pk

    @transaction.atomic
    def _rename_batch(self, old: str, new: str, *, after: int) -> list[SavedSearch]:
        candidates = self.naming(old).filter(pk__gt=after).select_for_update(no_key=True)
        searches = list(candidates.order_by("id")[:_BATCH])
        for search in searches:
            search.query = normalize_query(rename_word(search.query, old, new))
            search.save(update_fields=["query", "updated_at"])
        return searches


class SavedSearch(TimestampedModel):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_searches")
    query = models.TextField()
    labels = ArrayField(models.TextField(), default=list, blank=True)

    objects: ClassVar[SavedSearchManager] = SavedSearchManager()

    class Meta:
        db_table = "saved_searches"
        indexes = [GinIndex(words("query"), name="saved_search_words")]

    def __str__(self) -> str:
        return self.query


def normalize_query(text: str) -> str:
    """The search as it is saved: its normal text form, for the tags that aliases stand for (behaviour N)."""
    query = SearchQuery.parse(text)
    return str(query.with_aliases(TagAlias.objects.targets(query.tag_names)))
