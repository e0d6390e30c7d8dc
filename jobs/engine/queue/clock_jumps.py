"""What a database's clock that was ahead leaves behind: jobs that would wait until it is so late again."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.db import connection

from jobs.engine.faults.engine_log import logger
from jobs.engine.models import BackgroundJob
from jobs.engine.models.sql import wake_workers

# A difference up to this is no jump.
_SKEW = timedelta(minutes=1)
# Rows that are set right at once; the heart must beat between.
_AT_ONCE = 2000

# A delay is counted from when it was asked for: a retry's from when the row was written last, any other from
# when the job was enqueued. Those are whole seconds; a time that somebody named is not, and is kept.
_SET_RIGHT = f"""
    WITH ahead AS MATERIALIZED (
        SELECT id, asked_at FROM (
            SELECT *, CASE
                WHEN attempts > 0 OR run_after = updated_at THEN updated_at
                WHEN date_trunc('second', run_after - enqueued_at) = run_after - enqueued_at THEN enqueued_at
            END AS asked_at
            FROM {BackgroundJob._meta.db_table}
            WHERE performed_at IS NULL AND finished_at IS NULL AND run_after > statement_timestamp()
        ) AS job
        WHERE asked_at > statement_timestamp() + %(skew)s::interval
        LIMIT %(at_once)s
    )
    UPDATE {BackgroundJob._meta.db_table} AS job SET
        run_after = statement_timestamp() + greatest(job.run_after - ahead.asked_at, interval '0'),
        enqueued_at = least(job.enqueued_at, statement_timestamp()), updated_at = statement_timestamp()
    FROM ahead
    WHERE job.id = ahead.id AND job.performed_at IS NULL AND job.finished_at IS NULL
        AND job.run_after > statement_timestamp()
"""  # noqa: S608 -- only names of our own


class Clocks:
    """Compares the database's clock with this process's, which never jumps."""

    def __init__(self) -> None:
        self._seen: tuple[datetime, float] | None = None
        # Nobody knows what there was before this process.
        self._is_suspect = True

    def watch(self) -> int:
        """Let jobs wait no longer than they were to, when the clock was set back; returns how many."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT statement_timestamp()")
            now, mine = cursor.fetchone()[0], time.monotonic()
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
        cursor.execute(_SET_RIGHT, {"skew": str(_SKEW), "at_once": _AT_ONCE})
        count: int = cursor.rowcount
    if count:
        wake_workers()
        logger.warning("%d jobs were to wait for a time of a wrong clock, and no longer do", count)
    return count
