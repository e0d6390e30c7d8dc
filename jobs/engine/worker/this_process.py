"""Who this process is: its cluster, and its seat among the cluster's workers."""

from __future__ import annotations

import os
import sys
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.sharedctypes import RawValue
from typing import Any, NoReturn

import psutil

from jobs.engine import conf
from jobs.engine.queue.places import NO_LIMITS, NO_PLACE, Place, Places
from jobs.engine.queue.scope import EVERYTHING, Scope

# Outside a cluster (tests, a shell) each process is its own.
_cluster_id = uuid.uuid4()
_is_cluster = False
_seen_pids: set[int] = set()
_is_stopping: Callable[[], bool] = bool


class Seat:
    """A worker's place in its cluster, and what it shares with the sentinel: plain memory, without a lock."""

    def __init__(self, number: int = 0, scope: Scope = EVERYTHING, place: Place = NO_PLACE) -> None:
        self.number = number
        self.scope = scope
        self.place = place
        # django-q2 looks at this: -1 is idle, 0 is to be killed, -2 has left.
        self.timer = WorkerTimer()
        # On the clock that all processes of a machine share; 0 while no job with a time limit runs.
        self.deadline: Any = RawValue("d", 0.0)
        # How many jobs it has started, for the watchdog to see that it moves.
        self.started: Any = RawValue("L", 0)

    def leave(self) -> None:
        """End this worker, between two jobs; the sentinel starts another."""
        self.timer.value = -2
        end()

    def was_fruitless(self) -> None:
        """A ticket brought no job: what waits is not for this worker."""
        fruitless_at.value = time.monotonic()


class WorkerTimer:
    """A worker's timer without a lock, which a killed worker could hold for ever."""

    def __init__(self) -> None:
        self._value: Any = RawValue("f", -1)

    @property
    def value(self) -> float:
        return float(self._value.value)

    @value.setter
    def value(self, seconds: float) -> None:
        self._value.value = seconds

    def get_lock(self) -> Any:
        return _NO_LOCK


class _NoLock:
    def __enter__(self) -> None:
        return None

    def __exit__(self, *exception: object) -> None:
        return None


_NO_LOCK = _NoLock()
seat = Seat()
# Who has the places in the limited queues of this cluster.
places = NO_LIMITS
# When a worker of this cluster last had a ticket for nothing, for the pusher to see.
fruitless_at: Any = RawValue("d", 0.0)
# The pid of the worker that waits for the next job by itself; 0 for none.
lingerer: Any = RawValue("i", 0)


def end() -> NoReturn:
    """End this process, and all threads that jobs have left in it: nobody waits for them."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):
            stream.flush()
    os._exit(0)


def take_seat(new: Seat) -> None:
    """Make this process, and what it forks, the worker of that seat."""
    global seat  # noqa: PLW0603
    seat = new


def share_places(new: Places) -> None:
    """Make this process, and what it forks, share the places in the limited queues."""
    global places  # noqa: PLW0603
    places = new


def cluster_id() -> uuid.UUID:
    """The cluster that this process belongs to."""
    return _cluster_id


def join_cluster(cluster: uuid.UUID) -> None:
    """Make this process, and all that it forks, part of a cluster."""
    global _cluster_id, _is_cluster
    _cluster_id, _is_cluster = cluster, True


def is_in_cluster() -> bool:
    """Is this process one of a cluster's?"""
    return _is_cluster


def is_worker() -> bool:
    """Is this a process of a cluster, or a thread of one?"""
    return _is_cluster or threading.current_thread() is not threading.main_thread()


def stop_when(condition: Callable[[], bool]) -> None:
    """Tell this process, and all that it forks, how to see that the cluster is stopping."""
    global _is_stopping  # noqa: PLW0603
    _is_stopping = condition


def is_stopping() -> bool:
    """Should no further job be started?"""
    return _is_stopping()


def first_time_in_this_process(action: Callable[[], object]) -> None:
    """Do it once in each process; a fork is a new one."""
    pid = os.getpid()
    if pid not in _seen_pids:
        action()
        _seen_pids.add(pid)


def uses_too_much_memory() -> bool:
    """Does this process use more memory, now and not at its peak, than JOBS_MAX_RSS allows?"""
    limit = conf.max_rss()
    return limit is not None and psutil.Process().memory_info().rss > limit * 1024 * 1024


def scope_of_cluster(queue_name: str | None) -> Scope:
    """What the workers of a cluster may take: its queue, or all of them, and the range of priorities."""
    lowest, highest = conf.priority_range()
    return Scope(queue_name, (), lowest, highest)
