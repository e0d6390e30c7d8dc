"""When a failed job is tried again."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta


def polynomial(attempt: int) -> float:
    """Seconds to wait after that attempt: n⁴ + 2, and up to 15 % of n⁴ more (behaviour G.5)."""
    base: float = attempt**4
    return base + 2 + random.uniform(0, 0.15) * base  # noqa: S311 -- spreads retries, guards nothing


def fixed(seconds: float) -> Callable[[int], float]:
    """The same wait after each attempt."""
    return lambda attempt: seconds  # noqa: ARG005 -- whichever attempt it was


def linear(seconds: float) -> Callable[[int], float]:
    """So many seconds more after each attempt."""
    return lambda attempt: attempt * seconds


def exponential(seconds: float = 1, most: float = 6 * 60 * 60) -> Callable[[int], float]:
    """Twice the wait after each attempt, `most` seconds at most, and up to 15 % more."""

    def wait(attempt: int) -> float:
        base = min(seconds * 2.0 ** min(attempt - 1, 60), most)
        return base + random.uniform(0, 0.15) * base  # noqa: S311 -- as above

    return wait


# Seconds: ten years. A time that the calendar does not have could not be read any more.
LONGEST = 10 * 365 * 86400.0


@dataclass(frozen=True, slots=True)
class Retry:
    """Try again when one of these errors ends an attempt; any other error discards the job.

    `attempts` counts all of them, the first included. `wait` gives the seconds after attempt n; an error that
    has a `retry_after`, a timedelta, knows better.
    """

    on: tuple[type[BaseException], ...]
    attempts: int = 5
    wait: Callable[[int], float] = polynomial

    def delay(self, error: BaseException, attempt: int) -> float | None:
        """Seconds until the next attempt, or None when this was the last."""
        if attempt >= self.attempts or not isinstance(error, self.on):
            return None
        told = getattr(error, "retry_after", None)
        seconds = told.total_seconds() if isinstance(told, timedelta) else self.wait(attempt)
        return max(min(seconds, LONGEST), 0)
