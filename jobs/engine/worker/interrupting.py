"""Interrupting code of others that should take a moment, such as an error's own words."""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from types import FrameType
from typing import TypeVar

from django.db import connections

from jobs.engine.faults import alarm
from jobs.engine.worker import this_process

T = TypeVar("T")

# Seconds between two interruptions of what goes on after the first.
_AGAIN = 0.05
# Seconds after which the sentinel kills a worker that hears none of them.
_GRACE = 10.0


class Interrupted(BaseException):
    """It took too long. No Exception, so that the code that is interrupted does not catch it in passing."""


def within_seconds(seconds: float, action: Callable[[], T]) -> T:
    """Call it. Raises Interrupted when it takes longer, in whatever thread."""
    if threading.current_thread() is threading.main_thread():
        with interrupted_after(seconds):
            return action()
    return _in_a_thread(seconds, action)


def _in_a_thread(seconds: float, action: Callable[[], T]) -> T:
    """No signal reaches this thread: let another do it, and go on without that when it takes too long."""
    results: list[T] = []
    errors: list[BaseException] = []

    def act() -> None:
        try:
            results.append(action())
        except BaseException as error:  # noqa: BLE001 -- it is raised where it was asked for
            errors.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=copy_context().run, args=[act], name="jobs-words", daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if results:
        return results[0]
    # It ends when it next comes back to Python.
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread.ident or 0), ctypes.py_object(Interrupted)
    )
    raise Interrupted


@contextmanager
def interrupted_after(seconds: float) -> Iterator[None]:
    """Raise Interrupted inside the block when it takes longer, and again if it goes on.

    An alarm and a deadline that were set before hold on afterwards. Signals reach only the main thread; in
    any other there is no limit.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    is_over = False

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        if not is_over:
            raise Interrupted

    deadline = this_process.seat.deadline
    deadline_before = float(deadline.value)
    loan = alarm.borrow(interrupt)
    try:
        deadline.value = time.monotonic() + seconds + _GRACE
        alarm.ring_in(seconds, _AGAIN)
        try:
            yield
        finally:
            is_over = True
    finally:
        is_over = True  # an alarm may have struck just before the line above; the next is a while away
        deadline.value = deadline_before
        alarm.give_back(loan)
