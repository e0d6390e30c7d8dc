"""manage.py postgres: the embedded PostgreSQL, by hand."""

import signal
import sys
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from booru.embedded_postgres.borrowing import lent_address, run
from booru.embedded_postgres.errors import PostgresUnavailable
from booru.embedded_postgres.starting import project_server
from booru.secret_key import key_to_lend


class Command(BaseCommand):
    help = "Start or stop the PostgreSQL that is used where DATABASE_URL is not set, or lend it to a command."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("start", help="start it unless it runs")
        actions.add_parser("stop", help="stop it, closing its connections")
        actions.add_parser("status", help="say whether it runs, and where; exit code 1 when it does not")
        lend = actions.add_parser(
            "run",
            help="run a command with DATABASE_URL set, and stop it afterwards if it was started for that",
        )
        lend.add_argument("--temporary", action="store_true", help="with a fresh server, removed afterwards")
        lend.add_argument("command_line", nargs="...", metavar="COMMAND ...")

    def handle(self, *, action: str, **options: Any) -> None:
        try:
            match action:
                case "start":
                    self._start()
                case "stop":
                    self.stdout.write("Stopped" if project_server().stop() else "It was not running")
                case "status":
                    self._status()
                case "run":
                    signal.signal(signal.SIGTERM, _leave)
                    sys.exit(_run(options["command_line"], is_temporary=options["temporary"]))
        except KeyboardInterrupt:
            sys.exit(128 + signal.SIGINT)
        except PostgresUnavailable as error:
            raise CommandError(str(error)) from error

    def _start(self) -> None:
        server = project_server()
        state = "Started" if server.start() else "It was running already"
        self.stdout.write(f"{state}: {server.url}")

    def _status(self) -> None:
        server = project_server()
        if not server.is_running():
            self.stdout.write("Not running")
            sys.exit(1)
        self.stdout.write(f"Running: {server.url}\nData: {server.data}\nLog: {server.log}")


def _leave(number: int, _frame: FrameType | None) -> None:
    """Leave the orderly way, stopping what was started."""
    sys.exit(128 + number)


def _run(command: list[str], *, is_temporary: bool) -> int:
    if not command:
        raise CommandError("Give the command to run")
    with lent_address(is_temporary=is_temporary) as url:
        return run(command, DATABASE_URL=url, SECRET_KEY=key_to_lend(is_temporary=is_temporary))
