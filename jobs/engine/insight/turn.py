"""When it is a waiting job's turn: which workers may take it, and what goes before it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django_q.conf import Conf

from jobs.engine.cluster.heartbeat import live_clusters
from jobs.engine.insight.queue_sizes import COUNT_LIMIT
from jobs.engine.models import BackgroundJob, WorkerCluster
from jobs.engine.queue.places import limits_of_cluster
from jobs.engine.sql import statement
from jobs.engine.worker import this_process

_EVERY_QUEUE = "*"
_LAST_ID = UUID(int=2**128 - 1)

_IN_THE_WAY = statement("insight", "in_the_way")
_JOBS_BEFORE = statement("insight", "jobs_before")


@dataclass(frozen=True, slots=True)
class Takers:
    """The clusters that work a job's queue, and how busy they are."""

    clusters: list[WorkerCluster]
    workers: int
    takers: int  # of the workers, so many may run a job of its queue at once
    busy: int
    is_full: bool  # so many run one

    @property
    def queues(self) -> list[str] | None:
        """The queues that they work; None for every queue."""
        names = sorted({cluster.queue_name for cluster in self.clusters})
        return None if _EVERY_QUEUE in names else names


def takers_of(job: BackgroundJob) -> Takers:
    """Who may take it, as far as this process's settings (queue limits, priorities) are the workers' too."""
    clusters = [cluster for cluster in live_clusters() if _works_queue(cluster, job)]
    running = BackgroundJob.objects.running().filter(claimed_by__in=[cluster.pk for cluster in clusters])
    counts: Counter[tuple[UUID | None, str]] = Counter(running.values_list("claimed_by", "queue_name"))
    busy = Counter({pk: sum(n for (owner, _), n in counts.items() if owner == pk) for pk, _ in counts})
    takers = {cluster.pk: _takers(cluster, job) for cluster in clusters}
    return Takers(
        clusters=clusters,
        workers=sum(len(cluster.worker_pids) for cluster in clusters),
        takers=sum(takers.values()),
        busy=busy.total(),
        is_full=all(counts[pk, job.queue_name] >= count for pk, count in takers.items()),
    )


def _works_queue(cluster: WorkerCluster, job: BackgroundJob) -> bool:
    is_stopping = cluster.status == str(Conf.STOPPING)
    return cluster.queue_name in {_EVERY_QUEUE, job.queue_name} and not is_stopping


def _takers(cluster: WorkerCluster, job: BackgroundJob) -> int:
    queue = None if cluster.queue_name == _EVERY_QUEUE else cluster.queue_name
    size = len(cluster.worker_pids)
    scope = this_process.scope_of_cluster(queue)
    if scope.min_priority is not None and job.priority < scope.min_priority:
        return 0
    if scope.max_priority is not None and job.priority > scope.max_priority:
        return 0
    return limits_of_cluster(size, queue).get(job.queue_name, size)


def in_the_way(job: BackgroundJob) -> BackgroundJob | None:
    """The job with one of its lock keys that goes first: what runs, or the one that was enqueued earliest."""
    if not job.lock_keys:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_IN_THE_WAY, {"keys": job.lock_keys, "id": job.pk, "enqueued_at": job.enqueued_at})
        row = cursor.fetchone()
    return BackgroundJob.objects.annotate_status().filter(pk=row[0]).first() if row else None


def jobs_before(job: BackgroundJob, queues: list[str] | None) -> int:
    """How many jobs of these queues, or of all, workers take first; COUNT_LIMIT + 1 for more."""
    params: dict[str, Any] = {
        "id": job.pk,
        "last_id": _LAST_ID,
        "priority": job.priority,
        "run_after": job.run_after,
        "queues": queues,
        "limit": COUNT_LIMIT + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(_JOBS_BEFORE, params)
        return int(cursor.fetchone()[0])
