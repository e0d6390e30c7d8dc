"""A script as it would be shown, and what is wrong with it, before it is requested."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from booru.bulk_update.script_check import errors_of_lines, length_error
from booru.models import BulkUpdateRequest
from booru.models.bulk_update_requests.bulk_update_request_manager import normalize_script
from booru.models.tag_relationships.tag_relationship import ValidationContext

if TYPE_CHECKING:
    from booru.bulk_update.kinds.command import Command


@dataclass(frozen=True, slots=True)
class PreviewLine:
    command: Command
    errors: list[str]


@dataclass(frozen=True, slots=True)
class ScriptPreview:
    """The lines with their problems; `errors` are about the whole script."""

    script: str
    lines: list[PreviewLine]
    errors: list[str]

    @property
    def is_valid(self) -> bool:
        return not self.errors and not any(line.errors for line in self.lines)

    @property
    def good_commands(self) -> dict[int, Command]:
        """Those that nothing is wrong with, by the numbers of their lines."""
        lines = enumerate(() if self.errors else self.lines, 1)
        return {number: line.command for number, line in lines if not line.errors}


def preview_script(script: str) -> ScriptPreview:
    """Look at a script as a request would (behaviour A.4, A.6); nothing is saved."""
    bur = BulkUpdateRequest(script=normalize_script(script))
    if errors := bur.script_text_errors():
        return ScriptPreview(bur.script, [], [f"Script {error}" for error in errors])
    commands = bur.processor.commands
    problems = errors_of_lines(commands, ValidationContext.REQUEST)
    lines = [PreviewLine(command, errors) for command, errors in zip(commands, problems, strict=True)]
    too_long = length_error(commands)
    return ScriptPreview(bur.script, lines, [too_long] if too_long else [])
