"""Understands and applies the script of a bulk update request."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from booru.bulk_update.parser import parse_script
from booru.bulk_update.run import Run
from booru.bulk_update.script_check import script_errors
from booru.models import Level, User

if TYPE_CHECKING:
    from booru.bulk_update.command import Command
    from booru.models import BulkUpdateRequest
    from booru.models.tag_relationship import ValidationContext


class Processor:
    """The script as it was when the processor was made."""

    def __init__(self, bulk_update_request: BulkUpdateRequest) -> None:
        self.bulk_update_request = bulk_update_request
        self.script = bulk_update_request.script

    @cached_property
    def commands(self) -> list[Command]:
        return parse_script(self.script)

    def errors(self, context: ValidationContext) -> list[str]:
        """Why the script cannot be applied, one message a problem (behaviour A.6)."""
        return script_errors(self.commands, context)

    def process(self) -> None:
        """Carry out every command in its order; the first that fails raises, and later ones are not done."""
        run = Run(self.bulk_update_request, User.objects.system())
        for command in self.commands:
            command.process(run)

    @property
    def approval_level(self) -> Level:
        """The highest level among the commands; one admin line makes the whole request admin-only."""
        return max((command.approval_level for command in self.commands), default=Level.ADMIN)

    @property
    def dtext(self) -> str:
        return "\n".join(command.dtext for command in self.commands)

    @property
    def affected_tags(self) -> list[str]:
        """The names of the tags that the script is about, sorted."""
        return sorted({name for command in self.commands for name in command.affected_tags})
