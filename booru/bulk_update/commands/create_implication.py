"""`create implication a -> b`: posts with one tag also get the other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from booru.bulk_update.checking.rehearsal import make_implication
from booru.bulk_update.checking.relationship_rules import add_implication, implication_errors
from booru.bulk_update.kinds.approval_levels import level_for_implying
from booru.bulk_update.kinds.command import PlannedEdit, line_shape
from booru.bulk_update.kinds.tag_pair import TagPairCommand
from booru.models import TagImplication
from booru.posts.tag_edits.tag_edit import TagEdit
from booru.services.tags.tag_relationship_approval import approve_implication, posts_to_complete

if TYPE_CHECKING:
    from collections.abc import Mapping

    from booru.bulk_update.checking.picture import Picture, TagFacts
    from booru.bulk_update.checking.subjects import Subjects
    from booru.bulk_update.run import Run
    from booru.models import Level
    from booru.models.tag_relationships.tag_relationship import ValidationContext


class CreateImplication(TagPairCommand):
    shape = line_shape(r"(?:create implication|imply) (?P<old>\S+) -> (?P<new>\S+)")

    @property
    def subjects(self) -> Subjects:
        return replace(super().subjects, implied=((self.old, self.new),))

    def problem(self, context: ValidationContext, picture: Picture) -> str | None:
        if errors := implication_errors(picture, self.old, self.new, context):
            return "; ".join(errors)
        add_implication(picture, self.old, self.new)
        return None

    def rehearse(self, picture: Picture) -> None:
        make_implication(picture, self.old, self.new)

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

    def approval_level(self, tags: Mapping[str, TagFacts]) -> Level:
        return level_for_implying(self.old, self.new, tags)
