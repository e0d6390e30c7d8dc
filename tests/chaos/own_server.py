"""A PostgreSQL of the test's own, to be stopped, killed and frozen; the suite's goes on."""

import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from django.core.management import call_command
from django.db import connection

from booru.embedded_postgres import processes
from booru.embedded_postgres.account import server_account
from booru.embedded_postgres.address import DATABASE, ROLE
from booru.embedded_postgres.server import Server

# Nothing that was committed is lost by what is done to it here; the machine itself does not crash.
SETTINGS = {"fsync": "off", "max_connections": "300"}


@contextmanager
def own_server() -> Iterator[Server]:
    """A server with the project's tables; the test's own connection and its clusters use it."""
    home = Path(tempfile.mkdtemp(prefix="danbooru-chaos-", dir="/tmp"))
    server_account().give(home)
    server = Server(home=home, sockets=home, settings=SETTINGS)
    before = dict(connection.settings_dict)
    try:
        server.start()
        connection.close()
        connection.settings_dict.update(
            HOST=str(server.sockets), PORT="", USER=ROLE, PASSWORD="", NAME=DATABASE, OPTIONS={}
        )
        call_command("migrate", verbosity=0)
        yield server
    finally:
        connection.close()
        connection.settings_dict.clear()
        connection.settings_dict.update(before)
        try:
            freeze(server, frozen=False)
        finally:
            server.stop()
            shutil.rmtree(home, ignore_errors=True)


def end(server: Server, how: signal.Signals) -> None:
    """SIGINT ends it orderly and its connections at once ("fast"), SIGQUIT as a crash does ("immediate")."""
    postmaster = processes.server_of(server.data)
    assert postmaster
    assert processes.stop([postmaster], how)


def crash(server: Server) -> None:
    """Kill one connection's process: PostgreSQL then ends all others and recovers, as after a crash."""
    postmaster = processes.server_of(server.data)
    assert postmaster
    backends = [child for child in postmaster.children() if " idle" in " ".join(child.cmdline())]
    backends[0].kill()


def freeze(server: Server, *, frozen: bool = True) -> None:
    """Let nothing of it answer any more, while its connections stay open; and let it go on."""
    for process in processes.processes_of(server.data):
        # One that has just ended needs neither.
        with suppress(psutil.NoSuchProcess):
            if frozen:
                process.suspend()
            else:
                process.resume()
