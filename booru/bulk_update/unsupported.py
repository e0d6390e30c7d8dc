"""Commands that are understood but that this site cannot carry out yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from booru.bulk_update.command import Command

if TYPE_CHECKING:
    from booru.bulk_update.run import Run
    from booru.models.tag_relationship import ValidationContext


class UnsupportedCommand(Command):
    """Refused when the request is made, so that nobody waits for something that cannot happen."""

    # What the site cannot do, as in "This site can't <deed> yet".
    deed: ClassVar[str]

    def errors(self, context: ValidationContext) -> list[str]:  # noqa: ARG002
        return [self._refusal]

    def process(self, run: Run) -> None:
        raise NotImplementedError(self._refusal)

    @property
    def _refusal(self) -> str:
        return f"This site can't {self.deed} yet: {self.line}"
