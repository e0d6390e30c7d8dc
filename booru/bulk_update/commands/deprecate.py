"""`deprecate tag`: the tag may no longer be added to posts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.db.models import Q

from booru.bulk_update.kinds.command import line_shape
from booru.bulk_update.kinds.deprecation import DeprecationCommand
from booru.models import Tag, TagAlias, TagImplication

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from booru.bulk_update.checking.picture import Picture, TagFacts
    from booru.bulk_update.checking.subjects import Subjects
    from booru.bulk_update.run import Run


class Deprecate(DeprecationCommand):
    keyword = "deprecate"
    shape = line_shape(r"deprecate (?P<tag>\S+)")

    @property
    def subjects(self) -> Subjects:
        return replace(super().subjects, removed=frozenset({self.tag}))

    def problem_with(self, tag: TagFacts, picture: Picture) -> str | None:
        if tag.is_deprecated:
            return "tag is already deprecated"
        page = picture.page(tag.name)
        if page is None:
            return "tag must have a wiki page"
        return "wiki page is deleted" if page.is_deleted else None

    def rehearse(self, picture: Picture) -> None:
        if (tag := picture.tag(self.tag)) is None:
            return
        tag.is_deprecated = True
        for name in picture.aliases.antecedents(self.tag):
            picture.aliases.remove(name, self.tag)
        picture.implications.remove_all_of(self.tag)

    def process(self, run: Run) -> None:
        """The tag stays on posts, but nothing leads to it, and nothing follows from it, any more."""
        Tag.objects.find_or_create(self.tag).update(run.credit, is_deprecated=True)
        TagAlias.objects.reject_all(self._aliases, run.credit)
        TagImplication.objects.reject_all(self._implications, run.credit)

    def touched_records(self) -> dict[str, int]:
        tags = Tag.objects.filter(name=self.tag, is_deprecated=False)
        touched = {"tags": tags, "aliases": self._aliases, "implications": self._implications}
        return {name: count for name, records in touched.items() if (count := records.count())}

    @property
    def _aliases(self) -> QuerySet[TagAlias]:
        return TagAlias.objects.active().filter(consequent_name=self.tag)

    @property
    def _implications(self) -> QuerySet[TagImplication]:
        either = Q(antecedent_name=self.tag) | Q(consequent_name=self.tag)
        return TagImplication.objects.active().filter(either)
