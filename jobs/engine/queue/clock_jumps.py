"""What a database's clock that was ahead leaves behind: jobs that would wait until it is so late again."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.db import connection

from jobs.engine.faults.engine_log import logger
from jobs.engine.sql import statement
from jobs.engine.sql.database_clock import database_now
from jobs.engine.sql.waking import wake_workers

# A difference up to this is no jump.
_SKEW = timedelta(minutes=1)
# Rows that are set right at once; the heart must beat between.
_AT_ONCE = 2000

_SET_RIGHT = statement("clocks", "set_right")


class Clocks:
    """Compares the database's clock with this process's, which never jumps."""

    def __init__(self) -> None:
        self._seen: tuple[datetime, float] | None = None
        # Nobody knows what there was before this process.
        self._is_suspect = True

    def watch(self) -> int:
        """Let jobs wait no longer than they were to, when the clock was set back; returns how many."""
        now, mine = database_now(), time.monotonic()
        if self._seen and now - self._seen[0] < timedelta(seconds=mine - self._seen[1]) - _SKEW:
            logger.warning("The database's clock was set back, to %s", now)
            self._is_suspect = True
        self._seen = now, mine
        if not self._is_suspect:
            return 0
        count = set_right()
        self._is_suspect = count == _AT_ONCE
        return count


_clocks = Clocks()


def watch_the_clock() -> None:
    """What a cluster does now and then."""
    _clocks.watch()


def set_right() -> int:
    """Count the delays of jobs that were enqueued, or failed, in the future from now; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_SET_RIGHT, {"skew": str(_SKEW), "limit": _AT_ONCE})
        count: int = cursor.rowcount
    if count:
        wake_workers()
        logger.warning("%d jobs were to wait for a time of a wrong clock, and no longer do", count)
    return count
