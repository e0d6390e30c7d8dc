"""`manage.py jobs pause` and `resume`: start no further jobs of a queue or class for now."""

from __future__ import annotations

import getpass
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from jobs.engine import pauses
from jobs.engine.commands import chosen
from jobs.engine.commands.subcommand import Subcommand, Write
from jobs.engine.commands.table import one_line
from jobs.engine.models import PauseKind

_KINDS = {"queue": PauseKind.QUEUE, "class": PauseKind.JOB_CLASS}


def _pause(options: dict[str, Any], write: Write) -> None:
    kind, name = _asked(options)
    try:
        is_new = pauses.pause(kind, name, by=_operator())
    except ValueError as error:
        raise CommandError(one_line(str(error))) from error
    if not is_new:
        raise CommandError(one_line(f"{options['kind']} {name} is paused already"))
    write(one_line(f"{options['kind']} {name} is paused; jobs that run already go on"))


def _resume(options: dict[str, Any], write: Write) -> None:
    kind, name = _asked(options)
    if not pauses.resume(kind, name):
        raise CommandError(one_line(f"{options['kind']} {name} is not paused"))
    write(one_line(f"{options['kind']} {name} goes on"))


def _asked(options: dict[str, Any]) -> tuple[PauseKind, str]:
    kind, name = _KINDS[options["kind"]], options["queue_or_class"]
    return kind, chosen.queue(name) if kind == PauseKind.QUEUE else chosen.job_class(name)


def _operator() -> str:
    """Who types this, as far as the system knows."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container may have no such user
        return ""


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("kind", choices=list(_KINDS))
    parser.add_argument("queue_or_class", metavar="NAME", help="a queue, or a class by path, name or words")


PAUSE = Subcommand("pause", "start no further jobs of a queue or class", _add_arguments, _pause)
RESUME = Subcommand("resume", "start the jobs of a queue or class again", _add_arguments, _resume)
