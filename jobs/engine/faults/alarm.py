"""The alarm of this process: there is one, and who needs it borrows it from whoever has set it.

Through _signal: the functions of `signal` make enums, which costs more than all else that is done here.
"""

from __future__ import annotations

import time
from _signal import (  # type: ignore[import-not-found]
    ITIMER_REAL,
    SIGALRM,
    setitimer,
    signal,
)
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Any

Handler = Callable[[int, FrameType | None], Any]


@dataclass(frozen=True, slots=True)
class Loan:
    """Whose alarm it was: its handler, the seconds that were left of it, and those between two."""

    handler: Any
    left: float
    again: float
    since: float


def borrow(handler: Handler) -> Loan:
    """Stop the alarm, if one is set; from now on it is for `handler`. Only in the main thread: ValueError."""
    left, again = setitimer(ITIMER_REAL, 0)
    return Loan(signal(SIGALRM, handler), left, again, time.monotonic())


def ring_in(seconds: float, again: float = 0.0) -> None:
    """Set it, and have it come again every so many seconds."""
    setitimer(ITIMER_REAL, seconds, again)


def stop() -> float:
    """Stop it; returns the seconds that were left, 0 when none was set."""
    left: float = setitimer(ITIMER_REAL, 0)[0]
    return left


def give_back(loan: Loan) -> None:
    """As it was before: one that has come meanwhile comes now."""
    setitimer(ITIMER_REAL, 0)
    signal(SIGALRM, loan.handler)
    if loan.left:
        setitimer(ITIMER_REAL, max(loan.left - (time.monotonic() - loan.since), 0.001), loan.again)
