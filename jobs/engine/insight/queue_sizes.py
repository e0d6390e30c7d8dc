"""How many jobs each queue has; quick, however many there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from jobs.engine.models import BackgroundJob, Pause, PauseKind
from jobs.engine.models.sql import WAITING
from jobs.engine.queue.claims import LANES

_TABLE = BackgroundJob._meta.db_table
# Counting stops here: "1000+" says enough.
COUNT_LIMIT = 1000
# Of the jobs that are held, this many are looked at; they have no index by queue.
_HELD_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class QueueSize:
    """A queue; counts are COUNT_LIMIT + 1 when there are more than COUNT_LIMIT."""

    name: str
    waiting: int  # could start now, or are held by a lock key or a pause of their class
    scheduled: int
    running: int
    oldest_wait: timedelta | None  # of those that could start now
    is_paused: bool


_IN_LANE = f"FROM {_TABLE} WHERE {WAITING} AND queue_name = lane.queue_name AND priority = lane.priority"
# The order has the planner use the index; else it may read the whole table, to find that there is nothing.
_BY_INDEX = "ORDER BY run_after LIMIT %(limit)s"
_SIZES = f"""
    WITH RECURSIVE {LANES}, size AS (
        SELECT lane.queue_name,
            (SELECT count(*) FROM (
                SELECT {_IN_LANE} AND run_after <= statement_timestamp() {_BY_INDEX}
            ) AS counted) AS waiting,
            (SELECT count(*) FROM (
                SELECT {_IN_LANE} AND run_after > statement_timestamp() {_BY_INDEX}
            ) AS counted) AS scheduled,
            0 AS running,
            (SELECT run_after {_IN_LANE} ORDER BY run_after LIMIT 1) AS first
        FROM lane
        UNION ALL
        SELECT queue_name, count(*), 0, 0, NULL FROM (
            SELECT queue_name FROM {_TABLE}
            WHERE held IS NOT NULL AND finished_at IS NULL AND performed_at IS NULL
            ORDER BY held, id LIMIT {_HELD_LIMIT}
        ) AS held GROUP BY queue_name
        UNION ALL
        SELECT queue_name, 0, 0, count(*), NULL FROM {_TABLE}
        WHERE performed_at IS NOT NULL AND finished_at IS NULL GROUP BY queue_name
        UNION ALL
        SELECT name, 0, 0, 0, NULL FROM background_job_pauses WHERE kind = 'queue'
    )
    SELECT queue_name, least(sum(waiting), %(limit)s)::int, least(sum(scheduled), %(limit)s)::int,
        sum(running)::int, statement_timestamp() - min(first) FILTER (WHERE first <= statement_timestamp())
    FROM size GROUP BY queue_name ORDER BY queue_name
"""  # noqa: S608 -- as above


def queue_sizes() -> list[QueueSize]:
    """The queues that have unfinished jobs, or are paused, by name."""
    paused = set(Pause.objects.filter(kind=PauseKind.QUEUE).values_list("name", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(_SIZES, {"limit": COUNT_LIMIT + 1})
        return [
            QueueSize(name, waiting, scheduled, running, oldest_wait, name in paused)
            for name, waiting, scheduled, running, oldest_wait in cursor.fetchall()
        ]
