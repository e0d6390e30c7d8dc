"""How an attempt ended, in words: whatever the error is made of, they are short, quick to get, and text."""

from __future__ import annotations

import time
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from jobs.engine.interrupting import Interrupted, interrupted_after

# Letters that are kept of an error; of what is longer, the beginning and the end.
MESSAGE, BACKTRACE, _NAME = 10_000, 50_000, 200
# Seconds that an error has to say what it is.
_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Failure:
    """The error that ended an attempt."""

    error_class: str
    message: str
    backtrace: str
    duration: timedelta
    # What logs with it; None for one that would fill the log, or hold it up.
    error: BaseException | None = None

    @classmethod
    def of(cls, error: BaseException, duration: timedelta = timedelta()) -> Failure:
        """Never raises, whatever the error's own methods do."""
        started = time.monotonic()
        message, is_short = message_of(error), False
        try:
            with interrupted_after(_SECONDS):
                backtrace = _backtrace_of(error)
            is_short = len(message) < MESSAGE and len(backtrace) < BACKTRACE
        except BaseException:  # noqa: BLE001 -- an error class may be broken in any way
            backtrace = _stack_of(error, message)
        is_quick = time.monotonic() - started < _SECONDS / 2
        name = cut([type(error).__name__], _NAME)
        return cls(name, message, backtrace, duration, error if is_short and is_quick else None)

    @property
    def text(self) -> str:
        return f"{self.error_class}: {self.message}"

    @property
    def text_for_logs(self) -> str:
        """With the backtrace, as far as it is kept, where the error itself is not for the log."""
        return self.text if self.error else f"{self.text}\n{self.backtrace}"

    @property
    def for_logs(self) -> dict[str, Any]:
        """The arguments of a logger for the error."""
        return {"exc_info": self.error} if self.error else {}


def message_of(error: BaseException, limit: int = MESSAGE) -> str:
    """What the error says."""
    try:
        with interrupted_after(_SECONDS):
            return cut([str.__str__(str(error))], limit)
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


def cut(pieces: Iterable[str], limit: int) -> str:
    """The pieces in one, as PostgreSQL can hold it; of what is too long the beginning and the end."""
    half = limit // 2
    head, tail, length = "", "", 0
    for piece in pieces:
        length += len(piece)
        room = half - len(head)
        head += piece[:room]
        tail = (tail + piece[room:][-half:])[-half:]
    left_out = length - len(head) - len(tail)
    note = f"\n[… {left_out:,} of {length:,} letters are cut here …]\n" if left_out else ""
    return _clean(head + note + tail)


def _clean(text: str) -> str:
    return text.replace("\0", "\\0").encode(errors="backslashreplace").decode()
