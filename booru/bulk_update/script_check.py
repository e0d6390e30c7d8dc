"""Says what is wrong with a script, before anything of it is done (behaviour A.6.1)."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from django.db import transaction

from booru.models.tag_relationship import lock_tag_relationships

if TYPE_CHECKING:
    from collections.abc import Sequence

    from booru.bulk_update.command import Command
    from booru.models.tag_relationship import ValidationContext

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
    """Tries the commands one after the other, so that later ones see earlier ones, and undoes all of it."""
    with transaction.atomic():
        lock_tag_relationships()
        errors = [command.errors(context) for command in commands]
        transaction.set_rollback(True)
    return errors
