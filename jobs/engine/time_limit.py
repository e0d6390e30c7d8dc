"""A job's own time limit: an alarm around perform()."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType
from typing import TypeVar

from jobs.engine.errors import JobTimeout
from jobs.engine.faults import alarm
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

    deadline, seconds = this_process.seat.deadline, limit.total_seconds()
    deadline_before = deadline.value
    loan = alarm.borrow(interrupt)
    try:
        try:
            deadline.value = time.monotonic() + seconds + GRACE
            alarm.ring_in(seconds)
            return action()
        finally:
            is_over = True
    finally:
        is_over = True  # the alarm, which comes once, may have struck just before the line above
        deadline.value = deadline_before
        alarm.give_back(loan)


@contextmanager
def without_limit() -> Iterator[None]:
    """For what must be finished once begun, and bounds itself: the time in the block does not count."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    deadline = this_process.seat.deadline
    left = alarm.stop()
    kill_at, deadline.value = deadline.value, 0
    began = time.monotonic()
    try:
        yield
    finally:
        if left:
            deadline.value = kill_at + time.monotonic() - began
            alarm.ring_in(max(left, 0.001))
