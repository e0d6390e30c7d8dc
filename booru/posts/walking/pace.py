"""How many posts are edited in one transaction."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Posts in the first transaction.
BATCH_SIZE = 200
_LEAST, _MOST = 50, 2000
# Seconds that a transaction should take: enough to share the work, so few that somebody who edits one of its
# posts hardly waits, even where two of them run and the disk is slow.
AIM = 0.05


class Pace:
    """As many as take less than a tenth of a second on this machine, now; or always the same number."""

    def __init__(self, fixed: int | None = None) -> None:
        self.size = fixed or BATCH_SIZE
        self._is_fixed = fixed is not None

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Around one transaction of `size` posts."""
        started = time.monotonic()
        yield
        self.adapt(time.monotonic() - started)

    def adapt(self, seconds: float) -> None:
        """Aim better, after a transaction that took this long; by at most half as much again at once."""
        if self._is_fixed:
            return
        factor = min(max(AIM / max(seconds, 0.001), 0.5), 1.5)
        self.size = min(max(int(self.size * factor), _LEAST), _MOST)
