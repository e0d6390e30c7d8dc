"""Says what is wrong with a script, before anything of it is done (behaviour A.6.1)."""

from __future__ import annotations

from collections import Counter
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
    if len(commands) > MAX_LINES:
        too_long = f"Bulk update request is too long (maximum size: {MAX_LINES} lines)."
        return [f"{too_long} Split your request into smaller chunks and try again."]
    return _duplicates(commands) or _command_errors(commands, context)


def _duplicates(commands: Sequence[Command]) -> list[str]:
    times = Counter(command.dtext for command in commands)
    return [f"Duplicate line found: {dtext}" for dtext, count in times.items() if count > 1]


def _command_errors(commands: Sequence[Command], context: ValidationContext) -> list[str]:
    """Tries the commands one after the other, so that later ones see earlier ones, and undoes all of it."""
    with transaction.atomic():
        lock_tag_relationships()
        errors = [error for command in commands for error in command.errors(context)]
        transaction.set_rollback(True)
    return errors
