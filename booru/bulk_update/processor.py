"""Understands and applies the script of a bulk update request."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils import timezone

from booru.bulk_update.checking.picture_loading import load_picture, load_tags
from booru.bulk_update.line_journal import LineJournal
from booru.bulk_update.parser import parse_script
from booru.bulk_update.run import Run
from booru.bulk_update.script_check import script_errors
from booru.bulk_update.waiting.order import lock_keys
from booru.models import BulkUpdateRequestLine, Level, User
from booru.models.tag_relationships.tag_relationship import ValidationContext
from booru.services.tags.tag_relationship_restoring import take_back

if TYPE_CHECKING:
    from booru.bulk_update.kinds.command import Command
    from booru.models import BulkUpdateRequest


class Processor:
    """The script as it was when the processor was made."""

    def __init__(self, bulk_update_request: BulkUpdateRequest) -> None:
        self.bulk_update_request = bulk_update_request
        self.script = bulk_update_request.script

    @cached_property
    def commands(self) -> list[Command]:
        return parse_script(self.script)

    @property
    def lines(self) -> list[BulkUpdateRequestLine]:
        """How far each command is; none when it was not approved yet, or with another script."""
        lines = list(self.bulk_update_request.lines.all())
        return lines if [line.text for line in lines] == [command.line for command in self.commands] else []

    def errors(self, context: ValidationContext) -> list[str]:
        """Why the script cannot be applied, one message a problem (behaviour A.6).

        At approval only what is not done yet is looked at, so that what failed half-way can be approved
        again. In Danbooru an implication that was made the first time forbids it for ever (behaviour M.2).
        """
        is_approval = context is ValidationContext.APPROVAL
        return script_errors(list(self.commands_to_do.values()) if is_approval else self.commands, context)

    @property
    def commands_to_do(self) -> dict[int, Command]:
        """Those that are not done yet, by the numbers of their lines: after a run that failed, not all."""
        done = {line.number for line in self.lines if line.is_done}
        return {number: command for number, command in enumerate(self.commands, 1) if number not in done}

    def prepare_lines(self, *, from_start: bool) -> None:
        """Keep the lines that are done, and make the others ready; or, with a new script, make all anew."""
        saved = self.bulk_update_request.lines
        if from_start or not self.lines:
            saved.all().delete()
            numbered = enumerate(self.commands, 1)
            saved.bulk_create(
                BulkUpdateRequestLine(
                    bulk_update_request=self.bulk_update_request, number=number, text=command.line
                )
                for number, command in numbered
            )
        else:
            saved.exclude(status=BulkUpdateRequestLine.Status.DONE).reset()

    def process(self) -> None:
        """Carry out, in their order, the commands that are not done yet.

        The first that fails raises, and later ones are not done. A run that was interrupted goes on at the
        line and the posts where it was.
        """
        if not self.lines:
            self.prepare_lines(from_start=True)
        lines = self.lines
        for command, line in zip(self.commands, lines, strict=True):
            if line.is_done:
                continue
            line.start()
            self._process_line(command, line, LineJournal(line, len(lines)))
            line.finish()

    def _process_line(self, command: Command, line: BulkUpdateRequestLine, journal: LineJournal) -> None:
        """When a rule is against it, its aliases and implications are again as they were before the line."""
        bur = self.bulk_update_request
        try:
            command.process(Run(bur, User.objects.system(), journal))
        except ValidationError:
            take_back(bur, line.started_at or timezone.now())
            raise

    def fail_line(self, reason: str) -> BulkUpdateRequestLine | None:
        """The line that was being done has failed; None when there is none."""
        running = self.bulk_update_request.lines.filter(status=BulkUpdateRequestLine.Status.RUNNING)
        line = running.first()
        if line:
            line.fail(reason)
        return line

    def lock_keys(self) -> list[str]:
        """The lock keys of the job; see booru.bulk_update.waiting.order."""
        return lock_keys(self.bulk_update_request, self.commands)

    def dtext_of(self, line: str) -> str:
        """One line of the script with its tags as links."""
        return "".join(command.dtext for command in parse_script(line))

    @property
    def approval_level(self) -> Level:
        """The highest level among the commands; one admin line makes the whole request admin-only."""
        tags = load_tags(self.commands)
        return max((command.approval_level(tags) for command in self.commands), default=Level.ADMIN)

    @property
    def dtext(self) -> str:
        return "\n".join(command.dtext for command in self.commands)

    @property
    def affected_tags(self) -> list[str]:
        """The names of the tags that the script is about, sorted."""
        picture = load_picture(self.commands)
        return sorted({name for command in self.commands for name in command.affected_tags(picture)})
