"""`rename a -> b`: the tag gets another name, and no alias stays behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.bulk_update.checking.rehearsal import rename_tag
from booru.bulk_update.kinds.command import line_shape
from booru.bulk_update.kinds.tag_move import TagMoveCommand
from booru.services.tags import tag_relationship_approval

if TYPE_CHECKING:
    from booru.bulk_update.checking.picture import Picture
    from booru.bulk_update.run import Run
    from booru.models.tag_relationships.tag_relationship import ValidationContext


class Rename(TagMoveCommand):
    shape = line_shape(r"rename (?P<old>\S+) -> (?P<new>\S+)")

    def problem(self, context: ValidationContext, picture: Picture) -> str | None:  # noqa: ARG002
        tag = picture.tag(self.old)
        if tag is None:
            return f"[[{self.old}]] doesn't exist"
        if not tag.is_small:
            return f"[[{self.old}]] has more than 200 posts, use an alias instead"
        return "; ".join(picture.name_errors(self.new))

    def rehearse(self, picture: Picture) -> None:
        rename_tag(picture, self.old, self.new)

    def process(self, run: Run) -> None:
        tag_relationship_approval.rename_tag(self.old, self.new, run.editor)

    @property
    def dtext(self) -> str:
        return f"rename {self.links}"
