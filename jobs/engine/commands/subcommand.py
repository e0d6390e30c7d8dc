"""What a subcommand of `manage.py jobs` is."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# Writes a line to the output.
Write = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Subcommand:
    """A word after `manage.py jobs`: its arguments, and what it does with them.

    `handle` raises CommandError, with one line a problem, when not all of it could be done.
    """

    name: str
    help: str
    add_arguments: Callable[[ArgumentParser], None]
    handle: Callable[[dict[str, Any], Write], None]
