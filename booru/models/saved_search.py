"""Searches that users keep (behaviour B.4, N)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models, transaction

from booru.models.accounts.user import User
from booru.models.base import TimestampedModel
from booru.models.tag_relationships.tag_alias import TagAlias
from booru.models.word_index import has_word, words
from booru.rules.tag_words import rename_word
from booru.rules.text import is_invisible
from booru.search.language import SearchQuery
from booru.search.language.tree import terms_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_BATCH = 200
_MAX_QUERY = 3000
# Far more is not even parsed.
_MAX_TYPED = 10 * _MAX_QUERY
_MAX_TERMS = 150
_MAX_LABELS = 20
_MAX_LABEL = 100
_MAX_SEARCHES = 250
_MAX_SEARCHES_GOLD = 1000


class SavedSearchManager(models.Manager["SavedSearch"]):
    def naming(self, tag_name: str) -> models.QuerySet[SavedSearch]:
        """The searches in which the tag is a word of its own, in parentheses or not."""
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
            if (renamed := renamed_query(search.query, old, new)) != search.query:
                search.query = renamed
                search.save(update_fields=["query", "updated_at"])
        return searches


class SavedSearch(TimestampedModel):
    """The rules are checked when a user saves one."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_searches")
    query = models.TextField()
    labels = ArrayField(models.TextField(), default=list, blank=True)

    objects: ClassVar[SavedSearchManager] = SavedSearchManager()

    class Meta:
        db_table = "saved_searches"
        indexes = [GinIndex(words("query"), name="saved_search_words")]

    def __str__(self) -> str:
        return self.query

    def update(self, **fields: object) -> None:
        """Set the fields and save; raises ValidationError when a rule is against it."""
        for name, value in fields.items():
            setattr(self, name, value)
        if len(self.query) > _MAX_TYPED:
            raise ValidationError({"query": f"is too long (maximum is {_MAX_QUERY} characters)"})
        self.query = normalize_query(self.query)
        self.labels = list(dict.fromkeys(filter(None, map(normalize_label, self.labels))))
        with transaction.atomic():
            if self._state.adding:
                # Two at once must not both be the last one that is allowed.
                User.objects.select_for_update(no_key=True).get(pk=self.user_id)
            self.validate()
            self.save()

    def validate(self) -> None:
        """Raises ValidationError with every rule that is broken."""
        errors: dict[str, list[str]] = {}
        for field, message in self._problems():
            errors.setdefault(field, []).append(message)
        if errors:
            raise ValidationError(errors)

    def _problems(self) -> Iterator[tuple[str, str]]:
        if is_invisible(self.query):
            yield "query", "can't be blank"
        if len(self.query) > _MAX_QUERY:
            yield "query", f"is too long (maximum is {_MAX_QUERY} characters)"
        if sum(1 for _ in terms_of(SearchQuery.parse(self.query).tree)) > _MAX_TERMS:
            yield "query", f"can't have more than {_MAX_TERMS} tags"
        if len(self.labels) > _MAX_LABELS:
            yield "labels", f"can't have more than {_MAX_LABELS} labels"
        if any(len(label) > _MAX_LABEL for label in self.labels):
            yield "labels", f"can't have a label longer than {_MAX_LABEL} characters"
        most = most_saved_searches(self.user)
        if self._state.adding and most is not None and self.user.saved_searches.count() >= most:
            yield "user", f"can only have up to {most} saved searches"


def most_saved_searches(user: User) -> int | None:
    """How many searches the user may keep; None for any number (behaviour I.1)."""
    if user.is_builder:
        return None
    return _MAX_SEARCHES_GOLD if user.is_gold else _MAX_SEARCHES


def normalize_label(label: str) -> str:
    """Lower case, with single `_` between its words."""
    return re.sub(r"[\s_]+", "_", label.strip().lower()).strip("_")


def normalize_query(text: str) -> str:
    """The search as it is saved, for the tags that aliases stand for (behaviour N).

    What is optional stays written as it was typed: it is still the user's own text.
    """
    query = SearchQuery.parse(text)
    return query.with_aliases(TagAlias.objects.targets(query.tag_names)).as_written


def renamed_query(text: str, old: str, new: str) -> str:
    """The search for the tag `new` wherever it is for `old`; one that cannot be read, word by word."""
    query = SearchQuery.parse(text)
    if query.is_null:
        return normalize_query(rename_word(text, old, new))
    return normalize_query(query.with_aliases({old: new}).as_written)
