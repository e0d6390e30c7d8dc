"""Records whose text links to tags, and how the links follow a tag to its new name (behaviour B.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models, transaction

from booru.models.versions.versioned import VersionedManager, VersionedModel
from booru.rules.wiki_links import linked_titles, rewrite_wiki_links, title_key

if TYPE_CHECKING:
    from booru.models.versions.credit import Credit

_BATCH = 100

L = TypeVar("L", bound="LinkingModel")


class LinkingManager(VersionedManager[L]):
    def linking_to(self, tag_name: str) -> models.QuerySet[L]:
        """The records whose text links to the tag."""
        return self.filter(linked_titles__contains=[title_key(tag_name)])

    def rewrite_links(self, old: str, new: str, credit: Credit) -> None:
        """Let every link to the tag `old` lead to `new`; no rule is checked, each batch commits by itself."""
        last = 0
        while done := self._rewrite_batch(old, new, credit, after=last):
            last = done[-1].pk

    @transaction.atomic
    def _rewrite_batch(self, old: str, new: str, credit: Credit, *, after: int) -> list[L]:
        candidates = self.linking_to(old).filter(pk__gt=after).select_for_update(no_key=True)
        records = list(candidates.order_by("id")[:_BATCH])
        for record in records:
            record.change(credit, lambda one: one.rewrite_links(old, new), is_checked=False)
        return records


class LinkingModel(VersionedModel):
    """A subclass names the field that holds its text."""

    dtext_field: ClassVar[str]

    # What the text links to: the index by which links are found.
    linked_titles = ArrayField(models.TextField(), default=list, blank=True, editable=False)

    class Meta:
        abstract = True
        indexes = [GinIndex(fields=["linked_titles"], name="%(class)s_linked_titles")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps the index of links in step with the text."""
        self.linked_titles = linked_titles(getattr(self, self.dtext_field))
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "linked_titles"}
        super().save(*args, **kwargs)

    def rewrite_links(self, old: str, new: str) -> None:
        """Change the links in the text, without saving it."""
        text = getattr(self, self.dtext_field)
        setattr(self, self.dtext_field, rewrite_wiki_links(text, old, new))
