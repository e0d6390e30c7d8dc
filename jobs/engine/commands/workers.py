"""The clusters that are alive, and what each of their workers does."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Now

from jobs.engine.heartbeat import live_clusters
from jobs.engine.models import BackgroundJob, WorkerCluster


@dataclass(frozen=True, slots=True)
class WorkerState:
    """A worker, its memory in KiB, and the jobs that it runs: one, or none."""

    pid: int
    memory: int | None
    jobs: list[BackgroundJob]


@dataclass(frozen=True, slots=True)
class ClusterState:
    """A cluster with its workers."""

    cluster: WorkerCluster
    heartbeat_age: timedelta
    workers: list[WorkerState]

    @property
    def memory(self) -> int:
        """KiB of all its processes."""
        return sum(self.cluster.stat.get("memory", {}).values())


def cluster_states() -> list[ClusterState]:
    """The live clusters of every machine, oldest first."""
    clusters = live_clusters()
    rows = WorkerCluster.objects.filter(pk__in=[cluster.pk for cluster in clusters])
    ages = dict(rows.annotate(age=Now() - F("beat_at")).values_list("pk", "age"))
    running = _running(list(ages))
    return [
        _state(cluster, ages[cluster.pk], running[cluster.pk]) for cluster in clusters if cluster.pk in ages
    ]


def _running(clusters: list[UUID]) -> defaultdict[UUID | None, list[BackgroundJob]]:
    found: defaultdict[UUID | None, list[BackgroundJob]] = defaultdict(list)
    jobs = BackgroundJob.objects.running().annotate_status().select_related("progress")
    for job in jobs.filter(claimed_by__in=clusters).order_by("performed_at"):
        found[job.claimed_by].append(job)
    return found


def _state(cluster: WorkerCluster, age: timedelta, jobs: list[BackgroundJob]) -> ClusterState:
    memory = cluster.stat.get("memory", {})
    workers = [
        WorkerState(pid, memory.get(str(pid)), [job for job in jobs if job.worker_pid == pid])
        for pid in sorted(cluster.worker_pids)
    ]
    return ClusterState(cluster, age, workers)
