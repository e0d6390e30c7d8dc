"""The process table: which clusters are alive. Each cluster's sentinel writes its row twice a second."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import DatabaseError, InterfaceError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django_q.conf import Conf
from django_q.signing import SignedPackage
from django_q.status import Stat

from jobs.engine.cluster.memory import memory_of
from jobs.engine.faults import outages
from jobs.engine.models import Sleeper, WorkerCluster
from jobs.engine.sql import statement

# Seconds without a heartbeat after which a cluster counts as dead.
DEAD_AFTER = 10.0
# Rows of clusters that died are kept this long, for people to see.
FORGET_AFTER = timedelta(hours=1)
# How long whoever keeps the heart beating waits for a lock.
LOCK_TIMEOUT = "1s"
_LIMIT_LOCK_WAITS = statement("connections", "limit_lock_waits")


class Watch:
    """Decides which other clusters are dead: by this process's own clock, for the database's may jump.

    After its own silence (a database outage, a suspended machine) everybody's heartbeat is old. So it judges
    only when it has itself been beating without a gap for as long as the others are given.
    """

    def __init__(self) -> None:
        self.last_beat = self.since = float("-inf")
        # Of each cluster its last heartbeat, and when that was seen first.
        self._seen: dict[UUID, tuple[datetime, float]] = {}

    def beat(self) -> None:
        now = time.monotonic()
        if now - self.last_beat > DEAD_AFTER / 2:
            self.since = now
        self.last_beat = now

    def may_judge_others(self) -> bool:
        return self.last_beat - self.since >= DEAD_AFTER

    def silent_clusters(self) -> list[UUID]:
        """Those whose heart has not beaten for DEAD_AFTER. To be asked all the time."""
        now, before = time.monotonic(), self._seen
        beats = dict(WorkerCluster.objects.values_list("pk", "beat_at"))
        self._seen = {
            pk: before[pk] if pk in before and before[pk][0] == beat else (beat, now)
            for pk, beat in beats.items()
        }
        return [pk for pk, (_, since) in self._seen.items() if now - since > DEAD_AFTER]


watch = Watch()


def beat(stat: Stat, queue_name: str | None) -> None:
    """Write this cluster's row."""
    try:
        _save(stat, queue_name)
        watch.beat()
        outages.over()
    except (DatabaseError, InterfaceError) as error:
        outages.tell("beat", error)
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


def forget_the_dead(silent: Collection[UUID]) -> None:
    """Delete the rows of silent clusters that died long ago, or before the clock was set back."""
    long_ago = Q(beat_at__lt=Now() - FORGET_AFTER) | Q(beat_at__gt=Now() + timedelta(seconds=DEAD_AFTER))
    dead = WorkerCluster.objects.filter(long_ago, pk__in=silent)
    if ids := list(dead.values_list("pk", flat=True)):
        Sleeper.objects.filter(pk__in=ids).delete()
        dead.delete()


def live_clusters() -> list[WorkerCluster]:
    """The clusters that were heard of lately, oldest first."""
    lately = timedelta(seconds=DEAD_AFTER)
    beats = WorkerCluster.objects.filter(beat_at__gt=Now() - lately, beat_at__lt=Now() + lately)
    return list(beats.order_by("started_at"))


def wait_for_no_lock() -> None:
    """Let no statement of this thread wait long for a lock, such as a table's: its heart must beat."""
    owner = (os.getpid(), threading.get_ident())

    def limit(connection: BaseDatabaseWrapper, **_: object) -> None:
        if (os.getpid(), threading.get_ident()) == owner:
            with connection.cursor() as cursor:
                cursor.execute(_LIMIT_LOCK_WAITS, {"limit": LOCK_TIMEOUT})

    # Of a thread that kept it before, and has ended.
    connection_created.disconnect(dispatch_uid="jobs.engine.heartbeat")
    connection_created.connect(limit, weak=False, dispatch_uid="jobs.engine.heartbeat")
    connection.close()


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
