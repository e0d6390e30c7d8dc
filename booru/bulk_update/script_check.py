"""Says what is wrong with a script, before anything of it is done (behaviour A.6.1)."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from booru.bulk_update.checking.picture_loading import load_picture
from booru.bulk_update.checking.rehearsal import Refused
from booru.bulk_update.kinds.tag_pair import TagPairCommand

if TYPE_CHECKING:
    from collections.abc import Sequence

    from booru.bulk_update.checking.picture import Picture
    from booru.bulk_update.kinds.command import Command
    from booru.models.tag_relationships.tag_relationship import ValidationContext

MAX_LINES = 100


def script_errors(commands: Sequence[Command], context: ValidationContext) -> list[str]:
    """One message a problem; a script that is too long, or repeats itself, is not looked at further."""
    if too_long := length_error(commands):
        return [too_long]
    if any(repeated := _duplicates(commands)):
        return list(dict.fromkeys(chain(*repeated)))
    return list(chain(*_command_errors(commands, context)))


def errors_of_lines(commands: Sequence[Command], context: ValidationContext) -> list[list[str]]:
    """The same for each line; nothing of a script that is too long, see length_error()."""
    if length_error(commands):
        return [[] for _ in commands]
    repeated = _duplicates(commands)
    return repeated if any(repeated) else _command_errors(commands, context)


def length_error(commands: Sequence[Command]) -> str:
    """What is wrong with the number of lines, if anything."""
    if len(commands) <= MAX_LINES:
        return ""
    too_long = f"Bulk update request is too long (maximum size: {MAX_LINES} lines)."
    return f"{too_long} Split your request into smaller chunks and try again."


def _duplicates(commands: Sequence[Command]) -> list[list[str]]:
    seen: set[str] = set()
    errors = []
    for command in commands:
        errors.append([f"Duplicate line found: {command.dtext}"] if command.dtext in seen else [])
        seen.add(command.dtext)
    return errors


def _command_errors(commands: Sequence[Command], context: ValidationContext) -> list[list[str]]:
    """By the rules for each line, where later lines see earlier ones; and by what they come to together."""
    loaded = load_picture(commands)
    picture, rehearsal = loaded.copy(), _Rehearsal(loaded.copy())
    errors: list[list[str]] = []
    related: list[Command] = []
    for command in commands:
        found = command.errors(context, picture)
        if not found and (found := rehearsal.refusals(command)):
            # It speaks against no line after it, so it leaves no trace.
            picture = loaded.copy()
            for other in related:
                other.errors(context, picture)
        elif not found and isinstance(command, TagPairCommand):
            related.append(command)
        errors.append(found)
    return errors


class _Rehearsal:
    """Carries out, on a picture, the lines that nothing is against."""

    def __init__(self, picture: Picture) -> None:
        self._before = picture
        self._now = picture.copy()
        self._done: list[Command] = []

    def refusals(self, command: Command) -> list[str]:
        try:
            command.rehearse(self._now)
        except Refused as refused:
            self._begin_again()
            return [command.refusal(str(refused))]
        self._done.append(command)
        return []

    def _begin_again(self) -> None:
        """What was refused half-way shall not speak against the lines after it."""
        self._now = self._before.copy()
        for command in self._done:
            command.rehearse(self._now)
