"""A line that is no command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.bulk_update.kinds.command import Command, line_shape

if TYPE_CHECKING:
    from booru.bulk_update.checking.picture import Picture
    from booru.bulk_update.run import Run
    from booru.models.tag_relationships.tag_relationship import ValidationContext


class InvalidLine(Command):
    shape = line_shape(".*")

    def errors(self, context: ValidationContext, picture: Picture) -> list[str]:  # noqa: ARG002
        return [f"Invalid line: {self.line}"]

    def process(self, run: Run) -> None:  # noqa: ARG002
        raise ValueError(f"Invalid line: {self.line}")
