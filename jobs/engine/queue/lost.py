"""Giving back the jobs of workers that are gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import DataError, connection

from jobs.engine.faults.engine_log import logger
from jobs.engine.models import BackgroundJob
from jobs.engine.queue.scope import Worker
from jobs.engine.sql import statement
from jobs.engine.sql.waking import wake_workers

# Workers that a job may lose before it is discarded, so that it does not kill workers for ever. A death
# counts when it may be the job's fault: not with its whole cluster's, nor when it came farther than before.
MAX_CRASHES = 3

_DIED = "WorkerDied: the worker process died while it ran the job"
_RELEASE = statement("lost", "release")
# What is given back, and how, where nothing else is said.
_ALL: dict[str, Any] = {
    "or_unknown": False,
    "alive": [],
    "pid": None,
    "id": None,
    "most": MAX_CRASHES,
    "announced": False,
}


@dataclass(frozen=True, slots=True)
class Released:
    """What was taken back from the dead."""

    requeued: int
    discarded: int


def release_lost(cluster_id: UUID, alive: Sequence[int]) -> Released:
    """Give back the running jobs of a cluster whose worker is none of those that are alive.

    Such a death counts as the job's, but not when it came farther than at the one before.
    """
    return _release(_DIED, crash=True, clusters=[cluster_id], alive=alive)


def release_cut_off(cluster_ids: Sequence[UUID], *, or_unknown: bool = False) -> Released:
    """Give back those whose whole cluster is gone: their machine was restarted, say. Not the job's fault.

    `or_unknown`: also those of clusters of which nobody has heard.
    """
    error = "WorkerDied: all workers of its cluster ended, or were cut off"
    return _release(error, crash=False, clusters=cluster_ids, or_unknown=or_unknown)


def release_leftovers(worker: Worker) -> Released:
    """Give back what an earlier process with this worker's pid left behind."""
    return _release(_DIED, crash=True, **_of(worker))


def release_unstarted(worker: Worker) -> Released:
    """Give back what this worker claimed without hearing of it, because the connection broke just then."""
    error = "WorkerStopped: the connection broke before the job was started"
    return _release(error, crash=False, **_of(worker))


def give_back_unread(worker: Worker) -> Released:
    """Give back what this worker claimed and could not read; discard what nobody can."""
    ids = BackgroundJob.objects.running().filter(claimed_by=worker.cluster_id, worker_pid=worker.pid)
    for pk in list(ids.values_list("pk", flat=True)):
        if why := _why_unreadable(pk):
            _release(f"UnreadableJob: {why}", crash=False, id=pk, most=0, announced=True, **_of(worker))
            logger.error("Discarded job %s, which cannot be read: %s", pk, why)
    return release_unstarted(worker)


def _why_unreadable(job_id: UUID) -> str:
    try:
        BackgroundJob.objects.filter(pk=job_id).first()
    except (ValueError, RecursionError, DataError) as error:
        return str(error).partition("\n")[0] or type(error).__name__
    return ""


def release_stopped(cluster_id: UUID) -> Released:
    """Give back what a cluster did not finish in the time that it had to stop; not the job's fault."""
    error = "WorkerStopped: the workers were stopped before the job had finished"
    return _release(error, crash=False, clusters=[cluster_id])


def _of(worker: Worker) -> dict[str, Any]:
    return {"clusters": [worker.cluster_id], "pid": worker.pid}


def _release(error: str, *, crash: bool, **which: Any) -> Released:
    """`crash`: it may be the job's fault. An attempt that was not does not count for its retries, either."""
    with connection.cursor() as cursor:
        cursor.execute(_RELEASE, {**_ALL, **which, "error": error, "crash": crash})
        requeued, discarded = cursor.fetchone()
    if requeued:
        wake_workers()
    return Released(requeued, discarded)
