"""Starting processes on a system that may have no room for another: tried again, and said once."""

from __future__ import annotations

from time import monotonic

from jobs.engine.faults.engine_log import pool_logger as logger

# Seconds until the next try.
PAUSE = 5.0


class Forks:
    """What one process has found out about starting others."""

    def __init__(self) -> None:
        self._again_at = 0.0

    def is_time(self) -> bool:
        """Is another to be tried now?"""
        return monotonic() >= self._again_at

    def failed(self, what: str, error: BaseException) -> None:
        """The system refused; try again after PAUSE."""
        if not self._again_at:
            reason = f"{type(error).__name__}: {error}"
            logger.critical("Cannot start %s, and tries again every %.0f seconds: %s", what, PAUSE, reason)
        self._again_at = monotonic() + PAUSE

    def succeeded(self) -> None:
        """All are there."""
        if self._again_at:
            logger.warning("All processes of the cluster could be started again")
        self._again_at = 0.0
