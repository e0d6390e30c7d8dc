"""Locks between processes that the kernel releases when their holder dies."""

from __future__ import annotations

import fcntl
import tempfile
from multiprocessing.sharedctypes import RawValue
from time import monotonic, sleep
from typing import Any


class FileLock:
    """In place of multiprocessing's lock, a semaphore, which a process that is killed keeps for ever."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 -- open for as long as the lock lives

    def acquire(self, block: bool = True, timeout: float | None = None) -> bool:
        if block and timeout is None:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            return True
        until = monotonic() + (timeout or 0 if block else 0)
        while True:
            try:
                fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if monotonic() >= until:
                    return False
                sleep(0.01)
            else:
                return True

    def release(self) -> None:
        fcntl.lockf(self._file, fcntl.LOCK_UN)

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, *exception: object) -> None:
        self.release()


class Counter:
    """How many messages a queue holds, as django-q2 counts them, behind a lock that survives its holder."""

    def __init__(self) -> None:
        self._count: Any = RawValue("i", 0)
        self._lock = FileLock()

    def increment(self, n: int = 1) -> None:
        with self._lock:
            self._count.value += n

    @property
    def value(self) -> int:
        return int(self._count.value)
