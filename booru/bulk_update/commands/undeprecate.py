"""`undeprecate tag`: the tag may be added to posts again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.bulk_update.kinds.command import line_shape
from booru.bulk_update.kinds.deprecation import DeprecationCommand
from booru.models import Tag

if TYPE_CHECKING:
    from booru.bulk_update.checking.picture import Picture, TagFacts
    from booru.bulk_update.run import Run


class Undeprecate(DeprecationCommand):
    keyword = "undeprecate"
    shape = line_shape(r"undeprecate (?P<tag>\S+)")

    def problem_with(self, tag: TagFacts, picture: Picture) -> str | None:  # noqa: ARG002
        return None if tag.is_deprecated else "tag is not deprecated"

    def rehearse(self, picture: Picture) -> None:
        if tag := picture.tag(self.tag):
            tag.is_deprecated = False

    def process(self, run: Run) -> None:
        Tag.objects.find_or_create(self.tag).update(run.credit, is_deprecated=False)

    def touched_records(self) -> dict[str, int]:
        tag = self.saved_tag
        return {"tags": 1} if tag and tag.is_deprecated else {}
