"""`create alias old -> new`: from now on the old tag is the new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.bulk_update.checking.rehearsal import make_alias
from booru.bulk_update.checking.relationship_rules import add_alias, alias_errors
from booru.bulk_update.kinds.command import line_shape
from booru.bulk_update.kinds.tag_move import TagMoveCommand
from booru.models import TagAlias
from booru.models.tag_relationships.tag_relationship import ValidationContext
from booru.services.tags.tag_relationship_approval import approve_alias

if TYPE_CHECKING:
    from booru.bulk_update.checking.picture import Picture
    from booru.bulk_update.run import Run


class CreateAlias(TagMoveCommand):
    shape = line_shape(r"(?:create alias|alias) (?P<old>\S+) -> (?P<new>\S+)")

    def problem(self, context: ValidationContext, picture: Picture) -> str | None:
        # A request whose later lines moved the tag on before it failed can be approved again (behaviour M.2).
        if context is ValidationContext.APPROVAL and picture.moved_on(self.old, self.new):
            return None
        if errors := alias_errors(picture, self.old, self.new, context):
            return "; ".join(errors)
        add_alias(picture, self.old, self.new)
        return None

    def rehearse(self, picture: Picture) -> None:
        make_alias(picture, self.old, self.new)

    def process(self, run: Run) -> None:
        approve_alias(self.old, self.new, run.editor, approver=run.approver, forum_topic=run.forum_topic)

    def touched_records(self) -> dict[str, int]:
        is_new = TagAlias.objects.find_active(self.old, self.new) is None
        moved = super().touched_records()
        return {**moved, "aliases": moved.get("aliases", 0) + is_new}

    @property
    def dtext(self) -> str:
        return f"create alias {self.links}"
