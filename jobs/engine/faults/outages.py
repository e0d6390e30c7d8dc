"""What the database did not do: the reason is logged once, and again every minute, not each time."""

from __future__ import annotations

import time

from jobs.engine.faults.engine_log import logger

# Seconds between two lines about the same.
_EVERY = 60.0

_told_at: dict[str, float] = {}


def tell(what: str, error: BaseException) -> None:
    """Log that this cannot be done yet, and why. `what` is a verb and its object: "record a job"."""
    cause = type(error.__cause__ or error).__name__
    now = time.monotonic()
    if now - _told_at.get(cause, float("-inf")) < _EVERY:
        return
    _told_at[cause] = now
    words = str(error).strip().partition("\n")[0]
    logger.warning("Cannot %s yet, and goes on trying: %s: %s", what, cause, words)


def over() -> None:
    """The database did something: whatever was wrong is to be told at once when it comes again."""
    if _told_at:
        _told_at.clear()
        logger.info("The database does what it is asked again")
