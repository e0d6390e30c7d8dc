"""`create alias old -> new`: from now on the old tag is the new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from booru.bulk_update.approval_levels import level_for_moving
from booru.bulk_update.command import line_shape
from booru.bulk_update.tag_pair import TagPairCommand
from booru.models import TagAlias, User
from booru.services.tag_mover import TagMover

if TYPE_CHECKING:
    from booru.bulk_update.run import Run
    from booru.models import Level
    from booru.models.tag_relationship import ValidationContext


class CreateAlias(TagPairCommand):
    shape = line_shape(r"(?:create alias|alias) (?P<old>\S+) -> (?P<new>\S+)")

    def errors(self, context: ValidationContext) -> list[str]:
        try:
            TagAlias.objects.create_valid(self.old, self.new, creator=User.objects.system(), context=context)
        except ValidationError as error:
            return [f"Can't create alias {self.links} ({'; '.join(error.messages)})"]
        return []

    def process(self, run: Run) -> None:
        TagAlias.objects.find_or_create_active(
            self.old, self.new, approver=run.approver, forum_topic=run.forum_topic
        )
        TagMover(self.old, self.new, run.editor).move()

    @property
    def dtext(self) -> str:
        return f"create alias {self.links}"

    @property
    def approval_level(self) -> Level:
        return level_for_moving(self.old, self.new)
