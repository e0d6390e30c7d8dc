"""How many workers of a cluster run jobs of one queue at the same time, in memory that they share."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager, nullcontext
from multiprocessing.sharedctypes import RawArray
from typing import Any

from jobs.engine import conf


class Places:
    """The places in the limited queues of one cluster, and who has them.

    A worker reserves its places before it claims and keeps at most the one of the job that it gets. So two
    workers that claim at the same moment never take more of a queue than it allows.
    """

    def __init__(
        self, limits: Mapping[str, int], seats: int, lock: AbstractContextManager[object] | None = None
    ) -> None:
        self.limits = dict(limits)
        self._numbers = {queue: number for number, queue in enumerate(self.limits)}
        self._seats = seats
        self._taken: Any = RawArray("b", max(1, seats * len(self.limits)))
        self._lock = lock or nullcontext()

    def at(self, seat: int) -> Place:
        """The places as the worker of that seat has them; it has none yet."""
        place = Place(self, seat)
        place.settle(None)
        return place

    def full(self) -> tuple[str, ...]:
        """The queues of which no further job may start now."""
        return tuple(queue for queue, limit in self.limits.items() if self._count(queue) >= limit)

    def full_with(self, running: Mapping[str, int]) -> tuple[str, ...]:
        """The same, if so many jobs of each queue run."""
        return tuple(queue for queue, limit in self.limits.items() if running.get(queue, 0) >= limit)

    def reserve(self, seat: int, queues: Collection[str]) -> tuple[str, ...]:
        """Take a place in each of these queues; returns those that have none left."""
        with self._lock:
            for queue in queues:
                self._taken[self._index(seat, queue)] = 0
            full = tuple(queue for queue in queues if self._count(queue) >= self.limits[queue])
            for queue in queues:
                self._taken[self._index(seat, queue)] = queue not in full
        return full

    def settle(self, seat: int, queue: str | None) -> None:
        """Keep the place in this queue alone. Needs no lock: nobody else writes there."""
        for each in self.limits:
            if each != queue:
                self._taken[self._index(seat, each)] = 0

    def _count(self, queue: str) -> int:
        return sum(self._taken[self._index(seat, queue)] for seat in range(self._seats))

    def _index(self, seat: int, queue: str) -> int:
        return self._numbers[queue] * self._seats + seat


class Place:
    """What one worker may take of the limited queues."""

    def __init__(self, places: Places, seat: int) -> None:
        self._places = places
        self._seat = seat
        self.limited = frozenset(places.limits)

    def reserve(self, queues: Collection[str]) -> tuple[str, ...]:
        """Before a claim: take a place in each of these limited queues; returns those that have none left."""
        return self._places.reserve(self._seat, queues) if queues else ()

    def settle(self, queue: str | None) -> None:
        """After it: give back all places but that of the job's queue; None when there is no job."""
        if self.limited:
            self._places.settle(self._seat, queue)


NO_LIMITS = Places({}, 1)
NO_PLACE = NO_LIMITS.at(0)


def limits_of_cluster(workers: int, queue_name: str | None) -> dict[str, int]:
    """How many jobs of each limited queue a cluster of so many workers runs at once, by JOBS_QUEUE_LIMITS.

    `queue_name`: the only queue that it works, which has no limit then.
    """
    most = {name: n if n >= 0 else max(1, workers + n) for name, n in conf.queue_limits().items()}
    return {name: n for name, n in most.items() if name != queue_name and n < workers}
