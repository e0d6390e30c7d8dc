"""What a cluster looks after beside running jobs, about once a second, from its sentinel."""

from __future__ import annotations

import time
from collections.abc import Callable
from uuid import UUID

from django.db import DatabaseError, InterfaceError, connection

from jobs.engine import batches, cron
from jobs.engine.afterwards import hooks
from jobs.engine.cluster import heartbeat
from jobs.engine.django_q import schedules
from jobs.engine.faults import outages
from jobs.engine.faults.engine_log import logger
from jobs.engine.queue import clock_jumps, holds
from jobs.engine.queue.lost import Released, release_cut_off, release_lost

# Seconds before something that fails by itself is tried again: the log is not to be filled with it.
AFTER_AN_ERROR = 60

# The same, when it was the database.
AFTER_AN_OUTAGE = 3

_due: dict[Callable[[], object], float] = {}
_workers: tuple[UUID, Callable[[], list[int]]] | None = None


def watch_workers(cluster_id: UUID, pids: Callable[[], list[int]]) -> None:
    """This process starts the workers of that cluster, and knows which of them are alive."""
    global _workers  # noqa: PLW0603
    _workers = (cluster_id, pids)


def look_around(between: Callable[[], bool] = bool) -> None:
    """Do what is due, and after each thing what is to be done `between`; that tells when it is time to stop.

    Never raises: one thing that fails does not keep the others from being done.
    """
    now = time.monotonic()
    for action, every in _ACTIONS.items():
        if now < _due.get(action, 0):
            continue
        _due[action] = now + every
        try:
            action()
        except (DatabaseError, InterfaceError) as error:
            outages.tell(_words(action), error)
            connection.close()
            _due[action] = now + AFTER_AN_OUTAGE
        except Exception:
            logger.exception("Could not %s", _words(action))
            _due[action] = now + AFTER_AN_ERROR
        if between():
            return


def after_each_job() -> None:
    """The part that tests need, where no sentinel is there to do it."""
    hooks.take_care()
    batches.settle()


def release_lost_jobs() -> None:
    """Give back the jobs of dead workers, whatever their age."""
    released = [_of_own_workers()] if _workers else []
    silent = heartbeat.watch.silent_clusters()
    if heartbeat.watch.may_judge_others():
        released.append(release_cut_off(silent, or_unknown=True))
        heartbeat.forget_the_dead(silent)
    requeued, discarded = sum(each.requeued for each in released), sum(each.discarded for each in released)
    if requeued or discarded:
        logger.error("Workers died: %d jobs go back to the queue, %d discarded", requeued, discarded)


def _of_own_workers() -> Released:
    # Who starts the workers knows them all: none can have claimed anything that is not on this list.
    assert _workers
    cluster_id, pids = _workers
    return release_lost(cluster_id, alive=pids())


def _words(action: Callable[[], object]) -> str:
    return action.__name__.replace("_", " ")


# Each with the seconds between two times.
_ACTIONS: dict[Callable[[], object], float] = {
    release_lost_jobs: 1,
    hooks.take_care: 1,
    batches.settle: 1,
    cron.tick: 1,
    clock_jumps.watch_the_clock: 5,
    schedules.enqueue_due: 5,
    holds.check_lock_keys_again: 1,
    holds.free_the_forgotten: 30,
}
