"""A job's own time limit: an alarm around perform()."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType
from typing import TypeVar

from jobs.engine.errors import JobTimeout
from jobs.engine.worker import this_process

# Seconds after its limit that a worker is given to stop by itself; then the sentinel kills it.
GRACE = 10.0

T = TypeVar("T")


def within(limit: timedelta | None, action: Callable[[], T]) -> T:
    """Call it, and raise JobTimeout inside of it when it takes longer.

    Signals reach only the main thread; in any other there is no limit. A function and no context manager: the
    alarm may strike anywhere, and whatever it strikes, alarm and deadline are taken back.
    """
    if limit is None or threading.current_thread() is not threading.main_thread():
        return action()
    is_over = False

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        if not is_over:
            raise JobTimeout(f"the job ran longer than its limit of {limit}")

    before = signal.signal(signal.SIGALRM, interrupt)
    deadline = this_process.seat.deadline
    try:
        try:
            deadline.value = time.monotonic() + limit.total_seconds() + GRACE
            signal.setitimer(signal.ITIMER_REAL, limit.total_seconds())
            return action()
        finally:
            is_over = True
    finally:
        is_over = True  # the alarm, which comes once, may have struck just before the line above
        signal.setitimer(signal.ITIMER_REAL, 0)
        deadline.value = 0
        signal.signal(signal.SIGALRM, before)


@contextmanager
def without_limit() -> Iterator[None]:
    """For what must be finished once begun, and bounds itself: the time in the block does not count."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    deadline = this_process.seat.deadline
    left, _ = signal.setitimer(signal.ITIMER_REAL, 0)
    kill_at, deadline.value = deadline.value, 0
    began = time.monotonic()
    try:
        yield
    finally:
        if left:
            deadline.value = kill_at + time.monotonic() - began
            signal.setitimer(signal.ITIMER_REAL, max(left, 0.001))
