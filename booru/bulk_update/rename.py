"""`rename a -> b`: the tag gets another name, and no alias stays behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.bulk_update.command import line_shape
from booru.bulk_update.tag_move import TagMoveCommand
from booru.models import Tag
from booru.services.tag_mover import TagMover

if TYPE_CHECKING:
    from booru.bulk_update.run import Run
    from booru.models.tag_relationship import ValidationContext


class Rename(TagMoveCommand):
    shape = line_shape(r"rename (?P<old>\S+) -> (?P<new>\S+)")

    def errors(self, context: ValidationContext) -> list[str]:  # noqa: ARG002
        problem = self._problem()
        return [f"Can't rename {self.links} ({problem})"] if problem else []

    def process(self, run: Run) -> None:
        TagMover(self.old, self.new, run.editor).move()

    @property
    def dtext(self) -> str:
        return f"rename {self.links}"

    def _problem(self) -> str:
        tag = Tag.objects.named(self.old)
        if tag is None:
            return f"[[{self.old}]] doesn't exist"
        if not tag.is_small:
            return f"[[{self.old}]] has more than 200 posts, use an alias instead"
        return "; ".join(Tag.objects.name_errors(self.new))
