"""`remove alias a -> b`: the old tag is a tag of its own again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.bulk_update.kinds.command import line_shape
from booru.bulk_update.kinds.tag_pair import TagPairCommand
from booru.models import TagAlias
from booru.models.tag_relationships.tag_relationship import ValidationContext

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from booru.bulk_update.checking.picture import Picture
    from booru.bulk_update.run import Run


class RemoveAlias(TagPairCommand):
    shape = line_shape(r"(?:remove alias|unalias) (?P<old>\S+) -> (?P<new>\S+)")

    def problem(self, context: ValidationContext, picture: Picture) -> str | None:
        """A missing one is in nobody's way at approval.

        Unlike in Danbooru it is removed then too, so that a later line may make use of it (behaviour M.3).
        """
        if context is ValidationContext.REQUEST and not picture.aliases.has(self.old, self.new):
            return "alias doesn't exist"
        picture.aliases.remove(self.old, self.new)
        return None

    def rehearse(self, picture: Picture) -> None:
        picture.aliases.remove(self.old, self.new)

    def process(self, run: Run) -> None:
        TagAlias.objects.reject_all(self._active, run.credit)

    def touched_records(self) -> dict[str, int]:
        return {"aliases": count} if (count := self._active.count()) else {}

    @property
    def dtext(self) -> str:
        return f"remove alias {self.links}"

    @property
    def _active(self) -> QuerySet[TagAlias]:
        return TagAlias.objects.active_of(self.old, self.new)
