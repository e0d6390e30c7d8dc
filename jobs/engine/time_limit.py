"""A job's own time limit: an alarm around perform()."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType

from jobs.engine import processes
from jobs.engine.errors import JobTimeout

# Seconds after its limit that a worker is given to stop by itself; then the sentinel kills it.
GRACE = 10.0


@contextmanager
def time_limit(limit: timedelta | None) -> Iterator[None]:
    """Raise JobTimeout inside the block when it takes longer.

    Signals reach only the main thread; in any other there is no limit.
    """
    if limit is None or threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise JobTimeout(f"the job ran longer than its limit of {limit}")

    before = signal.signal(signal.SIGALRM, interrupt)
    deadline = processes.seat.deadline
    deadline.value = time.monotonic() + limit.total_seconds() + GRACE
    signal.setitimer(signal.ITIMER_REAL, limit.total_seconds())
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        deadline.value = 0
        signal.signal(signal.SIGALRM, before)


@contextmanager
def without_limit() -> Iterator[None]:
    """For what must be finished once begun, and bounds itself: the time in the block does not count."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    deadline = processes.seat.deadline
    left, _ = signal.setitimer(signal.ITIMER_REAL, 0)
    kill_at, deadline.value = deadline.value, 0
    began = time.monotonic()
    try:
        yield
    finally:
        if left:
            deadline.value = kill_at + time.monotonic() - began
            signal.setitimer(signal.ITIMER_REAL, max(left, 0.001))
