"""The processes of the demonstration: they end with it, however it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from booru.demo.errors import CannotStart, StepFailed
from jobs.engine.cluster.group_signals import die_with_parent
from jobs.engine.cluster.heartbeat import DEAD_AFTER, live_clusters

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

HOST = "127.0.0.1"
_SECONDS_TO_STOP = 10
_SECONDS_TO_BE_FORGOTTEN = DEAD_AFTER + 2
_TOLD_LINES = 5


@dataclass(frozen=True)
class Server:
    """A child process whose output goes to a file."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def check(self) -> None:
        """Raises StepFailed, with the end of the log, when the process is gone."""
        code = self.process.poll()
        if code is None:
            return
        lines = self.log.read_text(errors="replace").splitlines()[-_TOLD_LINES:]
        told = "".join(f"\n    {line}" for line in lines)
        raise StepFailed(f"the {self.name} ended with code {code}; the end of {self.log}:{told}")


class Servers:
    """All of them, to be watched and stopped together."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        """folder: of the project; logs go to its folder .demo."""
        self.folder = folder
        self.logs = folder / ".demo"
        self._environment = {**os.environ, **environment}
        self._running: list[Server] = []

    def start_web(self, listener: socket.socket) -> None:
        """The site, on a socket that is bound already."""
        bind = f"fd://{listener.fileno()}"
        options = ["--workers", "2", "--threads", "4", "--graceful-timeout", "3", "--access-logfile", "-"]
        command = ["-m", "gunicorn", "booru.wsgi", "--bind", bind, *options]
        self._start("web server", "web.log", command, keep=[listener.fileno()])
        listener.close()

    def start_workers(self) -> None:
        self._start("worker cluster", "workers.log", ["manage.py", "qcluster"])

    def check(self) -> None:
        """Raises StepFailed when one of them is gone."""
        for server in self._running:
            server.check()

    def stop(self) -> None:
        """Ask all to stop, and insist after a while."""
        try:
            for server in self._running:
                server.process.terminate()
            until = time.monotonic() + _SECONDS_TO_STOP
            for server in self._running:
                with suppress(subprocess.TimeoutExpired):
                    server.process.wait(max(until - time.monotonic(), 0.1))
        finally:
            # Whoever interrupts once more does not want to wait.
            for server in self._running:
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(server.process.pid, signal.SIGKILL)
                server.process.wait()

    def _start(self, name: str, log_name: str, command: Sequence[str], keep: Sequence[int] = ()) -> None:
        log = self.logs / log_name
        with log.open("wb") as output:
            # A session of its own, so that Ctrl-C reaches only the demonstration.
            process = subprocess.Popen(  # noqa: S603 - our own commands
                [sys.executable, *command],
                cwd=self.folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=tuple(keep),
                preexec_fn=die_with_parent,  # noqa: PLW1509 - our threads hold no lock then
            )
        self._running.append(Server(name, process, log))


@contextmanager
def running_servers(
    folder: Path, environment: Mapping[str, str], listener: socket.socket
) -> Iterator[Servers]:
    """The web server on the listener, and the workers; stopped at the end. Raises CannotStart."""
    servers = Servers(folder, environment)
    try:
        servers.logs.mkdir(exist_ok=True)
        servers.start_web(listener)
        servers.start_workers()
    except OSError as error:
        servers.stop()
        raise CannotStart(f"Cannot write the logs to {servers.logs}: {error.strerror}") from error
    except BaseException:
        servers.stop()
        raise
    try:
        yield servers
    finally:
        servers.stop()


def wait_for_other_workers() -> None:
    """Let the workers of a demonstration that was killed be forgotten.

    Raises CannotStart when there are some that live: they would take the jobs, and send the mail elsewhere.
    """
    until = time.monotonic() + _SECONDS_TO_BE_FORGOTTEN
    while clusters := live_clusters():
        if time.monotonic() > until:
            raise CannotStart(
                f"Workers of process {clusters[0].pid} on {clusters[0].host} take jobs from this database: "
                "stop them, or set DATABASE_URL to another one"
            )
        time.sleep(0.2)


def listen(port: int) -> socket.socket:
    """A socket for the site. Raises CannotStart when the port cannot be had."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or "there is no such port"
        hint = "stop what uses it, or choose another with --port, such as --port 8001"
        raise CannotStart(f"Cannot use port {port} ({reason}): {hint}") from error
    return listener
