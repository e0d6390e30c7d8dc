"""How many jobs each queue has; quick, however many there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from jobs.engine.models import Pause, PauseKind
from jobs.engine.sql import statement

_SIZES = statement("insight", "queue_sizes")
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


def queue_sizes() -> list[QueueSize]:
    """The queues that have unfinished jobs, or are paused, by name."""
    paused = set(Pause.objects.filter(kind=PauseKind.QUEUE).values_list("name", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(_SIZES, {"limit": COUNT_LIMIT + 1, "held_limit": _HELD_LIMIT})
        return [
            QueueSize(name, waiting, scheduled, running, oldest_wait, name in paused)
            for name, waiting, scheduled, running, oldest_wait in cursor.fetchall()
        ]
