"""One worker of a cluster waits for the next job by itself, for a while after its last one.

It hears of a new job at the same moment as the pusher, and needs no ticket to be handed over: that halves the
time until the job starts. The pusher gives it a head start, so that no two processes run for the same job.
"""

from __future__ import annotations

import os
import time
from typing import Any

import psycopg
from django.db import Error, connection

from jobs.engine.sql import statement
from jobs.engine.sql.prepared import prepared
from jobs.engine.worker import this_process

# Seconds without a job after which it goes back to wait for a ticket.
LINGER = 5.0
# Seconds between looks whether to stop, and at the table.
_LOOK_EVERY = 0.25

_LISTEN = statement("wake", "listen")
_UNLISTEN = statement("wake", "unlisten")


class Linger:
    """A worker's waiting; only one of a cluster can."""

    def __init__(self) -> None:
        self._until: float | None = None
        self._count = 0

    def __enter__(self) -> Linger:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._until is None:
            return
        this_process.lingerer.value = 0
        if not _is_listening():
            return
        try:
            with prepared(_UNLISTEN, {}):
                connection.connection.jobs_listening = False
        except (Error, psycopg.Error):
            connection.close()

    def wait(self, count: int) -> bool:
        """Wait for something to do; False when it is time to leave. `count`: jobs run so far."""
        now = time.monotonic()
        try:
            if self._until is None:
                return self._begin(count)
            if count != self._count:
                self._count, self._until = count, now + LINGER
            if now > self._until:
                return False
            if not _is_listening():  # a job has closed the connection
                _listen()
                return True
            for _ in connection.connection.notifies(timeout=_LOOK_EVERY, stop_after=1):
                pass
        except (Error, psycopg.Error):
            connection.close()
            return False
        return True

    def _begin(self, count: int) -> bool:
        if not count or not _is_free():
            return False
        this_process.lingerer.value = os.getpid()
        self._count, self._until = count, time.monotonic() + LINGER
        _listen()
        return True  # look once more: something may have come before this was heard


def _is_listening() -> bool:
    return getattr(connection.connection, "jobs_listening", False)


def _listen() -> None:
    # Not by a cursor of Django's: a job that does the same has its connection closed, see clean_slate.
    with prepared(_LISTEN, {}):
        connection.connection.jobs_listening = True


def _is_free() -> bool:
    pid: Any = this_process.lingerer.value
    if not pid:
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False
