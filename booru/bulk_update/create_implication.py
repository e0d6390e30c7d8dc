"""`create implication a -> b`: posts with one tag also get the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from booru.bulk_update.approval_levels import level_for_implying
from booru.bulk_update.command import PlannedEdit, line_shape
from booru.bulk_update.tag_pair import TagPairCommand
from booru.models import TagImplication, User
from booru.posts.tag_edit import TagEdit
from booru.services.tag_relationship_approval import approve_implication, posts_to_complete

if TYPE_CHECKING:
    from booru.bulk_update.run import Run
    from booru.models import Level
    from booru.models.tag_relationship import ValidationContext


class CreateImplication(TagPairCommand):
    shape = line_shape(r"(?:create implication|imply) (?P<old>\S+) -> (?P<new>\S+)")

    def errors(self, context: ValidationContext) -> list[str]:
        system = User.objects.system()
        try:
            TagImplication.objects.create_valid(self.old, self.new, creator=system, context=context)
        except ValidationError as error:
            return [f"Can't create implication {self.links} ({'; '.join(error.messages)})"]
        return []

    def process(self, run: Run) -> None:
        approve_implication(
            self.old, self.new, run.editor, approver=run.approver, forum_topic=run.forum_topic
        )

    def planned_edits(self) -> list[PlannedEdit]:
        return [PlannedEdit(posts_to_complete(self.old, self.new), TagEdit(add=(self.new,)))]

    def touched_records(self) -> dict[str, int]:
        is_new = TagImplication.objects.find_active(self.old, self.new) is None
        return {"implications": 1} if is_new else {}

    @property
    def dtext(self) -> str:
        return f"create implication {self.links}"

    @property
    def approval_level(self) -> Level:
        return level_for_implying(self.old, self.new)
