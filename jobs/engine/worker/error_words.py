"""Errors in words: whatever they are made of, the words are short, quick to get, and text."""

from __future__ import annotations

import time
import traceback
from datetime import timedelta

from jobs.engine.faults.failure import BACKTRACE, MESSAGE, Failure
from jobs.engine.faults.long_text import cut
from jobs.engine.worker.interrupting import Interrupted, within_seconds

# Letters of the name of its class.
_NAME = 200
# Seconds that an error has to say what it is.
_SECONDS = 2.0


def failure_of(error: BaseException, duration: timedelta = timedelta()) -> Failure:
    """What the error says, and where. Never raises, whatever the error's own methods do."""
    started = time.monotonic()
    message, is_short = message_of(error), False
    try:
        backtrace = within_seconds(_SECONDS, lambda: _backtrace_of(error))
        is_short = len(message) < MESSAGE and len(backtrace) < BACKTRACE
    except BaseException:  # noqa: BLE001 -- an error class may be broken in any way
        backtrace = _stack_of(error, message)
    is_quick = time.monotonic() - started < _SECONDS / 2
    name = cut([type(error).__name__], _NAME)
    return Failure(name, message, backtrace, duration, error if is_short and is_quick else None)


def message_of(error: BaseException, limit: int = MESSAGE) -> str:
    """What the error says."""
    try:
        return within_seconds(_SECONDS, lambda: cut([str.__str__(str(error))], limit))
    except Interrupted:
        return "it cannot be shown, because that takes too long"
    except BaseException:  # noqa: BLE001 -- as above
        return "it cannot be shown"


def _backtrace_of(error: BaseException) -> str:
    """With its causes, notes and the errors of a group."""
    described = traceback.TracebackException.from_exception(error, compact=True)
    return cut(described.format(), BACKTRACE)


def _stack_of(error: BaseException, message: str) -> str:
    """What can be said without asking the error or its causes anything."""
    last = f"{type(error).__name__}: {message}\n(what led to it cannot be shown)\n"
    return cut([*traceback.format_tb(error.__traceback__), last], BACKTRACE)
