"""What a cluster looks after beside running jobs, about once a second, from its sentinel."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from django.db import DatabaseError, InterfaceError, connection

from jobs.engine import aftercare, batches, cron, heartbeat, holds, plain_schedules
from jobs.engine.engine_log import logger
from jobs.engine.heartbeat import DEAD_AFTER
from jobs.engine.lost import release_lost

# Seconds before something that fails by itself is tried again: the log is not to be filled with it.
AFTER_AN_ERROR = 60

_due: dict[Callable[[], object], float] = {}


def look_around() -> None:
    """Do what is due. Never raises: one thing that fails does not keep the others from being done."""
    now = time.monotonic()
    for action, every in _ACTIONS.items():
        if now < _due.get(action, 0):
            continue
        _due[action] = now + every
        try:
            action()
        except (DatabaseError, InterfaceError) as error:
            logger.warning("Could not %s, the database is away: %s", _words(action), error)
            connection.close()
        except Exception:
            logger.exception("Could not %s", _words(action))
            _due[action] = now + AFTER_AN_ERROR


def after_each_job() -> None:
    """The part that tests need, where no sentinel is there to do it."""
    aftercare.take_care()
    batches.settle()


def release_lost_jobs() -> None:
    """Give back the jobs of dead workers, whatever their age."""
    # A worker may claim only after it was started, and its cluster lists it from the next beat on: so a pid
    # that is missing from a beat after the claim is dead.
    gone_from_own_list = """
        EXISTS (SELECT FROM background_job_clusters AS cluster WHERE cluster.id = job.claimed_by
            AND job.performed_at < cluster.beat_at AND job.worker_pid <> ALL (cluster.worker_pids))
    """
    no_longer_beating = """
        NOT EXISTS (SELECT FROM background_job_clusters AS cluster WHERE cluster.id = job.claimed_by
            AND cluster.beat_at > statement_timestamp() - %(dead_after)s)
    """
    condition = gone_from_own_list
    if heartbeat.watch.may_judge_others():
        condition += f" OR {no_longer_beating}"
        heartbeat.forget_the_dead()
    released = release_lost(condition, {"dead_after": timedelta(seconds=DEAD_AFTER)})
    if released.requeued or released.discarded:
        logger.error(
            "Workers died: %d jobs go back to the queue, %d discarded", released.requeued, released.discarded
        )


def _words(action: Callable[[], object]) -> str:
    return action.__name__.replace("_", " ")


# Each with the seconds between two times.
_ACTIONS: dict[Callable[[], object], float] = {
    release_lost_jobs: 1,
    aftercare.take_care: 1,
    batches.settle: 1,
    cron.tick: 1,
    plain_schedules.enqueue_due: 5,
    holds.check_lock_keys_again: 1,
    holds.free_the_forgotten: 30,
}
