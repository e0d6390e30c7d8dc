"""Reads a script: one command a line (behaviour A.5)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from booru.bulk_update.commands.category import Category
from booru.bulk_update.commands.convert import Convert
from booru.bulk_update.commands.create_alias import CreateAlias
from booru.bulk_update.commands.create_implication import CreateImplication
from booru.bulk_update.commands.deprecate import Deprecate
from booru.bulk_update.commands.invalid_line import InvalidLine
from booru.bulk_update.commands.mass_update import MassUpdate
from booru.bulk_update.commands.nuke import Nuke
from booru.bulk_update.commands.remove_alias import RemoveAlias
from booru.bulk_update.commands.remove_implication import RemoveImplication
from booru.bulk_update.commands.rename import Rename
from booru.bulk_update.commands.undeprecate import Undeprecate

if TYPE_CHECKING:
    from booru.bulk_update.kinds.command import Command

# No line is of two kinds, so the order does not matter.
COMMANDS: tuple[type[Command], ...] = (
    CreateAlias,
    RemoveAlias,
    CreateImplication,
    RemoveImplication,
    Rename,
    MassUpdate,
    Convert,
    Category,
    Nuke,
    Deprecate,
    Undeprecate,
)

_LINE_END = re.compile(r"\r\n|\r|\n")


def parse_script(script: str) -> list[Command]:
    """The commands in their order; what is no command becomes an InvalidLine. Blank lines are left out."""
    lines = (" ".join(line.split()) for line in _LINE_END.split(script))
    return [_parse_line(line) for line in lines if line]


def _parse_line(line: str) -> Command:
    parsed = (command.parse(line) for command in COMMANDS)
    return next((command for command in parsed if command), InvalidLine(line))
