"""`remove implication a -> b`: posts with one tag no longer get the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.bulk_update.kinds.command import line_shape
from booru.bulk_update.kinds.tag_pair import TagPairCommand
from booru.models import TagImplication
from booru.models.tag_relationships.tag_relationship import ValidationContext

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from booru.bulk_update.checking.picture import Picture
    from booru.bulk_update.run import Run


class RemoveImplication(TagPairCommand):
    shape = line_shape(r"(?:remove implication|unimply) (?P<old>\S+) -> (?P<new>\S+)")

    def problem(self, context: ValidationContext, picture: Picture) -> str | None:
        """A missing one is in nobody's way at approval."""
        if context is ValidationContext.REQUEST and not picture.implications.has(self.old, self.new):
            return "implication doesn't exist"
        picture.implications.remove(self.old, self.new)
        return None

    def rehearse(self, picture: Picture) -> None:
        picture.implications.remove(self.old, self.new)

    def process(self, run: Run) -> None:
        TagImplication.objects.reject_all(self._active, run.credit)

    def touched_records(self) -> dict[str, int]:
        return {"implications": count} if (count := self._active.count()) else {}

    @property
    def dtext(self) -> str:
        return f"remove implication {self.links}"

    @property
    def _active(self) -> QuerySet[TagImplication]:
        return TagImplication.objects.active_of(self.old, self.new)
