"""A server for as long as one command runs: the project's, or a fresh one for tests."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

import psutil

from booru.embedded_postgres import processes
from booru.embedded_postgres.account import server_account
from booru.embedded_postgres.server import Server
from booru.embedded_postgres.starting import project_server

TEMPORARY_PREFIX = "danbooru-test-"
# Tests lose nothing that they cannot make again.
FAST_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "300",
}
FROM_TERMINAL = (signal.SIGINT, signal.SIGQUIT)
PASSED_ON = (*FROM_TERMINAL, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def lent_address(*, is_temporary: bool) -> Iterator[str]:
    """The address of a server that runs meanwhile: DATABASE_URL's, the project's own, or a fresh one.

    Whoever runs a command with it sets DATABASE_URL, so that what the command starts takes this server, too.
    """
    if url := os.environ.get("DATABASE_URL"):
        yield url
        return
    with temporary_server() if is_temporary else borrowed(project_server()) as server:
        yield server.url


@contextmanager
def borrowed(server: Server) -> Iterator[Server]:
    """Have the server started, and stop it afterwards if nobody else started or uses it."""
    try:
        if server.start() or not _owner_lives(server):
            _own(server)
        yield server
    finally:
        # Whose owner has died, the last one out stops.
        if (_owns(server) or not _owner_lives(server)) and server.is_running() and _is_idle(server):
            server.stop()
            server.owner_file.unlink(missing_ok=True)


@contextmanager
def temporary_server() -> Iterator[Server]:
    """A server of which nothing is left afterwards, not even when this process was killed and came again."""
    _remove_abandoned()
    # /tmp because a socket's path must be short.
    home = Path(tempfile.mkdtemp(prefix=TEMPORARY_PREFIX, dir="/tmp"))
    server_account().give(home)
    server = Server(home=home, sockets=home, settings=FAST_SETTINGS)
    _own(server)
    try:
        server.start()
        _own(server)
        yield server
    finally:
        _remove(server)


def run(command: Sequence[str], **variables: str) -> int:
    """Run a command to its end, whatever signal comes meanwhile; returns what a shell would return."""
    try:
        child = subprocess.Popen(command, env={**os.environ, **variables})  # noqa: S603 -- given by who calls us
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", file=sys.stderr)
        return 127

    def pass_on(number: int, _frame: FrameType | None) -> None:
        # Ctrl-C reaches the command by itself.
        if number not in FROM_TERMINAL or not _is_in_foreground():
            child.send_signal(number)

    before = {number: signal.signal(number, pass_on) for number in PASSED_ON}
    try:
        code = child.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return code if code >= 0 else 128 - code


def _is_in_foreground() -> bool:
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    finally:
        os.close(terminal)


def _own(server: Server) -> None:
    server.owner_file.write_text(f"{os.getpid()} {psutil.Process().create_time()}")


def _owner(server: Server) -> tuple[int, float] | None:
    try:
        pid, created = server.owner_file.read_text().split()
        return int(pid), float(created)
    except (OSError, ValueError):
        return None


def _owns(server: Server) -> bool:
    owner = _owner(server)
    return owner is not None and owner[0] == os.getpid()


def _owner_lives(server: Server) -> bool:
    """Whether the process that will stop it is there; a server that a person started has none and stays."""
    owner = _owner(server)
    return owner is None or processes.is_alive(*owner)


def _is_idle(server: Server, seconds: float = 3) -> bool:
    """Whether nobody is connected, when those who are just leaving have had their time."""
    until = time.monotonic() + seconds
    while server.connections():
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


def _remove_abandoned() -> None:
    for home in Path("/tmp").glob(f"{TEMPORARY_PREFIX}*"):  # noqa: S108 -- only what this account made
        server = Server(home=home, sockets=home)
        with suppress(FileNotFoundError):  # its owner, or another process like this one, removed it just now
            if home.stat().st_uid == server_account().uid and _owner(server) and not _owner_lives(server):
                _remove(server)


def _remove(server: Server) -> None:
    server.stop()
    shutil.rmtree(server.home, ignore_errors=True)
