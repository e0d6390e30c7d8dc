"""Cutting off a connection on which the database does not answer, though the network says that all is well.

Keepalives find a peer that is gone. They find nothing when a proxy in between, or its machine, takes what is
sent and passes nothing on.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

import psycopg
from django.db import connection

from jobs.engine.faults import alarm
from jobs.engine.faults.engine_log import logger
from jobs.engine.sql import statement

# Seconds that one step of the engine's own, such as the record of a job, may be without an answer.
ANSWER_WITHIN = 60.0

# The backends that were left behind, and when: one that waits for a lock does not notice that nobody listens.
_left_behind: dict[int, float] = {}

_END = statement("connections", "end_left_behind")


@contextmanager
def cut_off_when_silent() -> Iterator[None]:
    """What waits in the block for longer gets an OperationalError, as when the connection had been closed.

    An alarm that was set before holds on afterwards. Signals reach only the main thread; in any other there
    is no limit.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    cuts = 0

    def cut_off(_signal: int, _frame: FrameType | None) -> None:
        nonlocal cuts
        cuts += _shut_down()

    loan = alarm.borrow(cut_off)
    try:
        alarm.ring_in(ANSWER_WITHIN, ANSWER_WITHIN)
        yield
    finally:
        alarm.give_back(loan)
        if cuts:
            logger.warning("The database did not answer for %.0f s: connection cut off", ANSWER_WITHIN)


def end_what_was_left_behind() -> None:
    """Or each new try would leave one more backend that waits for the same lock. Raises DatabaseError."""
    if not _left_behind:
        return
    now = time.monotonic()
    seconds = [now - since for since in _left_behind.values()]
    with connection.cursor() as cursor:
        cursor.execute(_END, {"pids": list(_left_behind), "seconds": seconds})
    _left_behind.clear()


def _shut_down() -> bool:
    """Whoever waits for the connection then sees its end. Nothing here raises, or waits."""
    raw = connection.connection
    if raw is None or raw.closed:
        return False
    with suppress(OSError, psycopg.Error), socket.socket(fileno=os.dup(raw.fileno())) as copy:
        _left_behind[raw.info.backend_pid] = time.monotonic()
        copy.shutdown(socket.SHUT_RDWR)
        return True
    return False
