"""The lanes in which jobs are due, as a worker knows them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from jobs.engine.queue.places import NO_PLACE, Place
from jobs.engine.queue.scope import EVERYTHING, Scope
from jobs.engine.sql import statement
from jobs.engine.sql.prepared import prepared

# Seconds that a worker goes by the lanes that it knows; a job in a new lane waits as long, at most.
LANES_GOOD_FOR = 0.25

_LANES = statement("claim", "lanes")
_FROM_ANY_LANE = statement("claim", "from_any_lane")
_FROM_ONE_LANE = statement("claim", "from_one_lane")
_FROM_LANES = statement("claim", "from_lanes")
_OF_ONE_CLASS = statement("claim", "of_one_class")


class Lanes:
    """The open lanes in which jobs are due, as a worker knows them.

    The first claim finds them on the way. A worker that goes on then looks again every LANES_GOOD_FOR
    seconds, and when it finds nothing, and claims in between from where each lane began. So it does not walk,
    for each job, over what was claimed since the last vacuum of the table: on a busy day that is tens of
    thousands of dead index entries.
    """

    def __init__(self, scope: Scope = EVERYTHING, place: Place = NO_PLACE) -> None:
        self.scope = scope
        self.place = place
        self._known_until = float("-inf")
        self._is_first = True
        self._known: list[tuple[Any, ...]] = []
        self._limited: frozenset[str] = frozenset()
        self._view = _view_of_all(scope)
        self.count: int | None = None

    def prepare(self) -> bool:
        """Before a claim: look, if it is time to. Is what is known now of this moment?"""
        if self._is_first:
            self._is_first = False
            return True
        if time.monotonic() <= self._known_until:
            return False
        self.look()
        return True

    def forget(self) -> None:
        """Look again before the next claim."""
        self._known_until = float("-inf")

    def look(self) -> None:
        """Find the lanes."""
        with prepared(_LANES, self.scope.params()) as cursor:
            self._known = cursor.fetchall()
        self._limited = self.place.limited & {queue for queue, *_ in self._known}
        self._view = _view(self._known)
        self.count = len(self._known)
        self._known_until = time.monotonic() + LANES_GOOD_FOR

    def reserve(self) -> View:
        """The lanes in which there is a place for another job of this worker's, which is reserved."""
        if self.count is None:
            full = self.place.reserve(self.place.limited)
            closed = self.scope.closed_queues + full
            return _view_of_all(replace(self.scope, closed_queues=closed)) if full else self._view
        if not (full := self.place.reserve(self._limited)):
            return self._view
        return _view([lane for lane in self._known if lane[0] not in full])


class LanesOfOneClass(Lanes):
    """All lanes as far as jobs of one class are in them; a claim always finds them on the way."""

    def __init__(self, job_class: str) -> None:
        super().__init__()
        self._view = View(None, _OF_ONE_CLASS, {**EVERYTHING.params(), "job_class": job_class})

    def prepare(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class View:
    """The lanes that one claim looks into, and how; `count` is None when it finds them on the way."""

    count: int | None
    statement: str
    params: dict[str, Any]


def _view_of_all(scope: Scope) -> View:
    return View(None, _FROM_ANY_LANE, scope.params())


def _view(lanes: Sequence[tuple[Any, ...]]) -> View:
    if len(lanes) == 1:
        queue, priority, since = lanes[0]
        return View(1, _FROM_ONE_LANE, {"queue_name": queue, "priority": priority, "since": since})
    columns = map(list, zip(*lanes, strict=True))
    return View(
        len(lanes),
        _FROM_LANES,
        dict(zip(("queue_names", "priorities", "sinces"), columns, strict=False)),
    )
