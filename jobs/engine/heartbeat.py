"""The process table: which clusters are alive. Each cluster's sentinel writes its row twice a second."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, InterfaceError, connection
from django.db.models.functions import Now
from django.utils import timezone
from django_q.conf import Conf
from django_q.signing import SignedPackage
from django_q.status import Stat

from jobs.engine.engine_log import logger
from jobs.engine.memory import memory_of
from jobs.engine.models import Sleeper, WorkerCluster

# Seconds without a heartbeat after which a cluster counts as dead.
DEAD_AFTER = 10.0
# Rows of clusters that died are kept this long, for people to see.
FORGET_AFTER = timedelta(hours=1)


class Watch:
    """Decides when this sentinel may judge other clusters.

    After its own silence (a database outage, a suspended machine) everybody's heartbeat is old. So it judges
    only when it has itself been beating without a gap for as long as the others are given.
    """

    def __init__(self) -> None:
        self.last_beat = self.since = float("-inf")

    def beat(self) -> None:
        now = time.monotonic()
        if now - self.last_beat > DEAD_AFTER / 2:
            self.since = now
        self.last_beat = now

    def may_judge_others(self) -> bool:
        return self.last_beat - self.since >= DEAD_AFTER


watch = Watch()


def beat(stat: Stat, queue_name: str | None) -> None:
    """Write this cluster's row."""
    try:
        _save(stat, queue_name)
        watch.beat()
    except (DatabaseError, InterfaceError) as error:
        logger.warning("No heartbeat, the database is away: %s", error)
        connection.close()


def _save(stat: Stat, queue_name: str | None) -> None:
    if stat.status == Conf.STOPPED:
        WorkerCluster.objects.filter(pk=stat.cluster_id).delete()
        Sleeper.objects.filter(pk=stat.cluster_id).delete()
        return
    workers = [pid for pid in stat.workers if pid is not None]
    values = {
        "host": stat.host,
        "pid": stat.pid,
        "sentinel_pid": stat.sentinel,
        "worker_pids": workers,
        "queue_name": queue_name or "*",
        "status": str(stat.status),
        "stat": {
            "monitor": stat.monitor,
            "pusher": stat.pusher,
            "reincarnations": stat.reincarnations,
            "task_q_size": stat.task_q_size,
            "done_q_size": stat.done_q_size,
            "memory": memory_of([stat.pid, stat.sentinel, stat.monitor, stat.pusher, *workers]),
        },
        "beat_at": Now(),
    }
    if not WorkerCluster.objects.filter(pk=stat.cluster_id).update(**values):
        WorkerCluster.objects.create(pk=stat.cluster_id, started_at=stat.tob, **values)


def forget_the_dead() -> None:
    """Delete the rows of clusters that have been dead for long."""
    dead = WorkerCluster.objects.filter(beat_at__lt=Now() - FORGET_AFTER)
    if ids := list(dead.values_list("pk", flat=True)):
        Sleeper.objects.filter(pk__in=ids).delete()
        dead.delete()


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
