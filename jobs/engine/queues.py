"""How many jobs each queue has; quick, however many there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from jobs.engine.models import BackgroundJob, Pause, PauseKind
from jobs.engine.sql import RUNNABLE, WAITING

_TABLE = BackgroundJob._meta.db_table
# Counting stops here: "1000+" says enough.
COUNT_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class QueueSize:
    """A queue; counts are COUNT_LIMIT + 1 when there are more than COUNT_LIMIT."""

    name: str
    waiting: int  # could start now, or are held by a lock key or a pause of their class
    scheduled: int
    running: int
    oldest_wait: timedelta | None  # of those that could start now
    is_paused: bool


# The names are looked up one by one in the index of the lanes: (queue_name, priority, run_after, id).
_SIZES = f"""
    WITH RECURSIVE waiting_queue AS (
        (SELECT queue_name FROM {_TABLE} WHERE {WAITING} ORDER BY queue_name LIMIT 1)
        UNION ALL
        SELECT (SELECT queue_name FROM {_TABLE} WHERE {WAITING} AND queue_name > waiting_queue.queue_name
            ORDER BY queue_name LIMIT 1)
        FROM waiting_queue WHERE waiting_queue.queue_name IS NOT NULL
    ), held AS (
        SELECT queue_name, count(*) AS count FROM {_TABLE}
        WHERE held IS NOT NULL AND finished_at IS NULL AND performed_at IS NULL GROUP BY queue_name
    ), running AS (
        SELECT queue_name, count(*) AS count FROM {_TABLE}
        WHERE performed_at IS NOT NULL AND finished_at IS NULL GROUP BY queue_name
    ), queue AS (
        SELECT queue_name AS name FROM waiting_queue WHERE queue_name IS NOT NULL
        UNION SELECT queue_name FROM held UNION SELECT queue_name FROM running
        UNION SELECT name FROM background_job_pauses WHERE kind = 'queue'
    )
    SELECT queue.name,
        (SELECT count(*) FROM (
            SELECT FROM {_TABLE} WHERE {RUNNABLE} AND queue_name = queue.name LIMIT %(limit)s
        ) AS counted) + coalesce((SELECT count FROM held WHERE held.queue_name = queue.name), 0),
        (SELECT count(*) FROM (
            SELECT FROM {_TABLE}
            WHERE {WAITING} AND queue_name = queue.name AND run_after > statement_timestamp() LIMIT %(limit)s
        ) AS counted),
        coalesce((SELECT count FROM running WHERE running.queue_name = queue.name), 0),
        (SELECT statement_timestamp() - min(run_after) FROM {_TABLE}
            WHERE {RUNNABLE} AND queue_name = queue.name)
    FROM queue ORDER BY queue.name
"""  # noqa: S608 -- only names of our own


def queue_sizes() -> list[QueueSize]:
    """The queues that have unfinished jobs, or are paused, by name."""
    paused = set(Pause.objects.filter(kind=PauseKind.QUEUE).values_list("name", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(_SIZES, {"limit": COUNT_LIMIT + 1})
        return [
            QueueSize(name, min(waiting, COUNT_LIMIT + 1), scheduled, running, oldest, name in paused)
            for name, waiting, scheduled, running, oldest in cursor.fetchall()
        ]
