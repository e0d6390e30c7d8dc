"""The process table: which clusters are alive, and what happens to the jobs of those that are not.

A cluster's sentinel writes its row twice a second. A job is lost when its worker is no longer in its
cluster's list, or when the whole cluster has not been heard of for DEAD_AFTER; how long the job takes does
not matter.
"""

from __future__ import annotations

import logging
import os
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, InterfaceError, connection
from django.db.models.functions import Now
from django.utils import timezone
from django_q.conf import Conf
from django_q.signing import SignedPackage
from django_q.status import Stat

from jobs.engine.claims import release_lost
from jobs.engine.models import WorkerCluster

logger = logging.getLogger("jobs")

# Seconds without a heartbeat after which a cluster counts as dead.
DEAD_AFTER = 10.0
# Rows of clusters that died are kept this long, for people to see.
FORGET_AFTER = timedelta(hours=1)
# Seconds between looks for lost jobs.
LOOK_EVERY = 1.0

# Outside a cluster (tests, a shell) each process is its own.
_cluster_id = uuid.uuid4()
_seen_pids: set[int] = set()
_is_stopping: Callable[[], bool] = bool


def cluster_id() -> uuid.UUID:
    """The cluster that this process belongs to."""
    return _cluster_id


def join_cluster(cluster: uuid.UUID) -> None:
    """Make this process, and all that it forks, part of a cluster."""
    global _cluster_id  # noqa: PLW0603
    _cluster_id = cluster


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


class Watch:
    """Decides when this sentinel may judge other clusters.

    After its own silence (a database outage, a suspended machine) everybody's heartbeat is old. So it judges
    only when it has itself been beating without a gap for as long as the others are given.
    """

    def __init__(self) -> None:
        self.last_beat = self.since = self.last_look = float("-inf")

    def beat(self) -> None:
        now = time.monotonic()
        if now - self.last_beat > DEAD_AFTER / 2:
            self.since = now
        self.last_beat = now

    def may_judge_others(self) -> bool:
        return self.last_beat - self.since >= DEAD_AFTER

    def is_time_to_look(self) -> bool:
        if self.last_beat - self.last_look < LOOK_EVERY:
            return False
        self.last_look = self.last_beat
        return True


_watch = Watch()


def beat(stat: Stat, queue_name: str | None) -> None:
    """Write this cluster's row; about once a second, give back the jobs of dead workers."""
    try:
        _save(stat, queue_name)
        _watch.beat()
        if _watch.is_time_to_look():
            _release_lost_jobs()
    except (DatabaseError, InterfaceError) as error:
        logger.warning("No heartbeat, the database is away: %s", error)
        connection.close()


def _save(stat: Stat, queue_name: str | None) -> None:
    if stat.status == Conf.STOPPED:
        WorkerCluster.objects.filter(pk=stat.cluster_id).delete()
        return
    values = {
        "host": stat.host,
        "pid": stat.pid,
        "sentinel_pid": stat.sentinel,
        "worker_pids": [pid for pid in stat.workers if pid is not None],
        "queue_name": queue_name or "*",
        "status": str(stat.status),
        "stat": {
            "monitor": stat.monitor,
            "pusher": stat.pusher,
            "reincarnations": stat.reincarnations,
            "task_q_size": stat.task_q_size,
            "done_q_size": stat.done_q_size,
        },
        "beat_at": Now(),
    }
    if not WorkerCluster.objects.filter(pk=stat.cluster_id).update(**values):
        WorkerCluster.objects.create(pk=stat.cluster_id, started_at=stat.tob, **values)


def _release_lost_jobs() -> None:
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
    if _watch.may_judge_others():
        condition += f" OR {no_longer_beating}"
        WorkerCluster.objects.filter(beat_at__lt=Now() - FORGET_AFTER).delete()
    released = release_lost(condition, {"dead_after": timedelta(seconds=DEAD_AFTER)})
    if released.requeued or released.discarded:
        logger.error(
            "Workers died: %d jobs go back to the queue, %d discarded", released.requeued, released.discarded
        )


def live_clusters() -> list[WorkerCluster]:
    """The clusters that were heard of lately, oldest first."""
    since = Now() - timedelta(seconds=DEAD_AFTER)
    return list(WorkerCluster.objects.filter(beat_at__gt=since).order_by("started_at"))


def stat_packs() -> Iterator[tuple[str, str]]:
    """The live clusters as django-q2's own Stat packages, for qmonitor and qinfo."""
    for cluster in live_clusters():
        yield Stat.get_key(cluster.pk), SignedPackage.dumps(_stat_of(cluster), compressed=True)


def _stat_of(cluster: WorkerCluster) -> Any:
    stat = Stat.__new__(Stat)
    stat.__dict__.update(
        broker=None,
        cluster_id=cluster.pk,
        host=cluster.host,
        pid=cluster.pid,
        sentinel=cluster.sentinel_pid,
        workers=list(cluster.worker_pids),
        status=cluster.status,
        tob=cluster.started_at,
        timestamp=timezone.now(),
        **cluster.stat,
    )
    return stat
