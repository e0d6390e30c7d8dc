"""manage.py jobs: see what the workers do, and act on jobs and queues, from a terminal."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, InterfaceError, OperationalError

from jobs.engine.commands import actions, explaining, job_list, pausing, pruning, status
from jobs.engine.commands.table import one_line
from jobs.engine.insight.long_work import add_quiet, is_quiet, shown_for

_SUBCOMMANDS = (
    status.SUBCOMMAND,
    job_list.SUBCOMMAND,
    explaining.SUBCOMMAND,
    actions.RETRY,
    actions.CANCEL,
    actions.RUN,
    pausing.PAUSE,
    pausing.RESUME,
    pruning.SUBCOMMAND,
)


class Command(BaseCommand):
    help = "See what the workers do, and act on jobs and queues."
    # It is to be quick, and to work also when a part of the site does not.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        words = parser.add_subparsers(dest="subcommand", metavar="SUBCOMMAND", required=True)
        for subcommand in _SUBCOMMANDS:
            parser_of_it = words.add_parser(
                subcommand.name, help=subcommand.help, description=subcommand.help
            )
            subcommand.add_arguments(parser_of_it)
            add_quiet(parser_of_it)

    def handle(self, **options: Any) -> None:
        subcommand = next(found for found in _SUBCOMMANDS if found.name == options["subcommand"])
        try:
            with shown_for(options, self.stderr):
                subcommand.handle(options, _say_nothing if is_quiet(options) else self.stdout.write)
        except (OperationalError, InterfaceError) as error:
            raise CommandError(f"the database is away: {_first_line(error)}") from error
        except DatabaseError as error:
            message = f"the database refuses, perhaps for want of `manage.py migrate`: {_first_line(error)}"
            raise CommandError(message) from error


def _say_nothing(_line: str) -> None:
    pass


def _first_line(error: Exception) -> str:
    return one_line(str(error).strip().partition("\n")[0])
