"""The clusters, and what each of their workers does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Now

from jobs.engine.cluster.heartbeat import DEAD_AFTER
from jobs.engine.insight import excerpts
from jobs.engine.models import BackgroundJob, WorkerCluster


@dataclass(frozen=True, slots=True)
class WorkerState:
    """A worker, its memory in KiB, and the jobs that it runs."""

    pid: int
    memory: int | None
    jobs: list[BackgroundJob]


@dataclass(frozen=True, slots=True)
class ClusterState:
    """A cluster with its workers; dead when its heart has not beaten for long."""

    cluster: WorkerCluster
    heartbeat_age: timedelta
    workers: list[WorkerState]
    others: list[tuple[str, int, int | None]]  # what they are, pid, memory in KiB

    @property
    def is_alive(self) -> bool:
        return abs(self.heartbeat_age) < timedelta(seconds=DEAD_AFTER)

    @property
    def memory(self) -> int:
        """KiB of all its processes."""
        return sum(self.cluster.memory.values())


def cluster_states() -> list[ClusterState]:
    """The clusters of every machine, oldest first; the dead ones as long as they are remembered."""
    clusters = WorkerCluster.objects.annotate(heartbeat_age=Now() - F("beat_at")).order_by("started_at", "pk")
    found = [(cluster, cluster.heartbeat_age) for cluster in clusters]
    running = _running(cluster.pk for cluster, _ in found)
    return [_state(cluster, age, running[cluster.pk]) for cluster, age in found]


def _running(clusters: Iterable[UUID]) -> defaultdict[UUID | None, list[BackgroundJob]]:
    found: defaultdict[UUID | None, list[BackgroundJob]] = defaultdict(list)
    jobs = excerpts.for_list(BackgroundJob.objects.running().annotate_status().select_related("progress"))
    for job in jobs.filter(claimed_by__in=list(clusters)).order_by("performed_at"):
        found[job.claimed_by].append(job)
    return found


def _state(cluster: WorkerCluster, age: timedelta, jobs: list[BackgroundJob]) -> ClusterState:
    memory = cluster.memory
    pids = sorted({*cluster.worker_pids, *(job.worker_pid for job in jobs if job.worker_pid)})
    others = {
        "main process": cluster.pid,
        "sentinel": cluster.sentinel_pid,
        "pusher": _pid(cluster, "pusher"),
        "monitor": _pid(cluster, "monitor"),
    }
    return ClusterState(
        cluster=cluster,
        heartbeat_age=age,
        workers=[
            WorkerState(pid, memory.get(str(pid)), [job for job in jobs if job.worker_pid == pid])
            for pid in pids
        ],
        others=[(name, pid, memory.get(str(pid))) for name, pid in others.items() if pid],
    )


def _pid(cluster: WorkerCluster, name: str) -> int | None:
    pid = cluster.stat.get(name) if isinstance(cluster.stat, dict) else None
    return pid if isinstance(pid, int) else None
