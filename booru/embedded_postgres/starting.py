"""The project's own PostgreSQL: data in .postgres/, shared by web server, workers and commands."""

import os
import sys
from collections.abc import Sequence

from booru.embedded_postgres.address import PROJECT, socket_folder
from booru.embedded_postgres.errors import PostgresUnavailable
from booru.embedded_postgres.server import Server

# Commands that need no database; every other one starts it.
WITHOUT_DATABASE = frozenset(
    {
        "check",
        "collectstatic",
        "compilemessages",
        "diffsettings",
        "findstatic",
        "help",
        "makemessages",
        "postgres",
        "startapp",
        "startproject",
        "version",
    }
)


def project_server() -> Server:
    """The server that runs where DATABASE_URL names none."""
    return Server(home=PROJECT / ".postgres", sockets=socket_folder(PROJECT))


def ensure_started() -> None:
    """Start the project's server unless it runs or DATABASE_URL names another.

    Raises PostgresUnavailable.
    """
    if not os.environ.get("DATABASE_URL"):
        project_server().start()


def ensure_started_for(arguments: Sequence[str]) -> None:
    """Start it if the command in manage.py's arguments needs it; leave with one line if that fails."""
    command = arguments[1] if len(arguments) > 1 else "help"
    if command.startswith("-") or command in WITHOUT_DATABASE or {"-h", "--help"} & set(arguments):
        return
    try:
        ensure_started()
    except PostgresUnavailable as error:
        sys.exit(f"{arguments[0]}: {error}")
