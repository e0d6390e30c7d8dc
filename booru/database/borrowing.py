"""A server for as long as one command runs: the project's, or a fresh one for tests."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

from booru.database import processes
from booru.database.account import server_account
from booru.database.server import Server

TEMPORARY_PREFIX = "danbooru-test-"
# Tests lose nothing that they cannot make again.
FAST_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "300",
}
PASSED_ON = (signal.SIGTERM, signal.SIGHUP)


@contextmanager
def borrowed(server: Server) -> Iterator[None]:
    """Have the server started, and stop it afterwards if nobody else started or uses it."""
    if server.start() or not _owner_lives(server):
        _own(server)
    try:
        yield
    finally:
        # Whose owner has died, the last one out stops.
        if (_owns(server) or not _owner_lives(server)) and server.is_running() and _is_idle(server):
            _owner_file(server).unlink(missing_ok=True)
            server.stop()


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
        yield server
    finally:
        _remove(server)


def run(command: Sequence[str], url: str | None) -> int:
    """Run a command to its end, whatever signal comes meanwhile, and return its exit code as a shell would."""
    environment = {**os.environ, "DATABASE_URL": url} if url else None
    # Ctrl-C reaches the command by itself: it must end first.
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGQUIT)}
    child = subprocess.Popen(command, env=environment, preexec_fn=_answer_to_interrupts)  # noqa: S603, PLW1509
    before |= {number: signal.signal(number, lambda got, _: child.send_signal(got)) for number in PASSED_ON}
    try:
        code = child.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return code if code >= 0 else 128 - code


def _answer_to_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)


def _owner_file(server: Server) -> Path:
    return server.home / "owner"


def _own(server: Server) -> None:
    _owner_file(server).write_text(f"{os.getpid()} {psutil.Process().create_time()}")


def _owner(server: Server) -> tuple[int, float] | None:
    try:
        pid, created = _owner_file(server).read_text().split()
        return int(pid), float(created)
    except (OSError, ValueError):
        return None


def _owns(server: Server) -> bool:
    owner = _owner(server)
    return owner is not None and owner[0] == os.getpid()


def _owner_lives(server: Server) -> bool:
    """Whether the process that started it will stop it; a server that a person started has no owner and stays."""
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
        if home.stat().st_uid == server_account().uid and _owner(server) and not _owner_lives(server):
            _remove(server)


def _remove(server: Server) -> None:
    server.stop()
    shutil.rmtree(server.home, ignore_errors=True)
