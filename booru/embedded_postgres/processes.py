"""Which processes are a PostgreSQL server of ours; nothing else is ever signalled."""

import signal
import time
from collections.abc import Iterable
from pathlib import Path

import psutil

PROGRAM = "postgres"


def server_of(data: Path) -> psutil.Process | None:
    """The running server of a data folder, whose postmaster.pid may be stale and name a stranger."""
    pid = _first_number(data / "postmaster.pid")
    if pid is None:
        return None
    try:
        process = psutil.Process(pid)
    except psutil.NoSuchProcess:
        return None
    return process if _works_in(process, data) else None


def processes_of(data: Path) -> list[psutil.Process]:
    """Every process of the servers of a data folder, also of one that was deleted there."""
    return [process for process in psutil.process_iter() if _works_in(process, data)]


def server_at_socket(sockets: Path) -> psutil.Process | None:
    """The running server that has the socket in this folder, whichever its data folder."""
    lock = next(iter(sockets.glob(".s.PGSQL.*.lock")), None)
    pid = _first_number(lock) if lock else None
    if lock is None or pid is None:
        return None
    try:
        data = Path(lock.read_text().splitlines()[1])
        process = psutil.Process(pid)
    except (OSError, IndexError, psutil.NoSuchProcess):
        return None
    return process if _works_in(process, data) else None


def stop(processes: Iterable[psutil.Process], *signals: signal.Signals, seconds: float = 30) -> bool:
    """Send each signal in turn and wait that long after each; tell whether all have ended."""
    alive = list(processes)
    for number in signals:
        for process in alive:
            try:
                process.send_signal(number)
            except psutil.NoSuchProcess:
                continue
        alive = _alive_after(seconds, alive)
        if not alive:
            return True
    return not alive


def is_alive(pid: int, created: float) -> bool:
    """Whether the process that had this pid and began then (seconds since 1970) is still there."""
    try:
        process = psutil.Process(pid)
        is_same: bool = abs(process.create_time() - created) < 1
    except psutil.NoSuchProcess:
        return False
    return is_same and _runs(process)


def _alive_after(seconds: float, alive: list[psutil.Process]) -> list[psutil.Process]:
    until = time.monotonic() + seconds
    while alive := [process for process in alive if _runs(process)]:
        if time.monotonic() > until:
            break
        time.sleep(0.02)
    return alive


def _runs(process: psutil.Process) -> bool:
    # A zombie has ended, though in a container there may be nobody to bury it.
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _works_in(process: psutil.Process, data: Path) -> bool:
    # PostgreSQL's processes stay in their data folder.
    try:
        return process.name() == PROGRAM and Path(process.cwd()) == data.resolve()
    except psutil.Error:
        return False


def _first_number(path: Path) -> int | None:
    try:
        return int(path.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None
