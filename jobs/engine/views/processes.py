"""The processes: which clusters are alive, and what each of their workers does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from jobs.engine.heartbeat import DEAD_AFTER
from jobs.engine.models import BackgroundJob, WorkerCluster
from jobs.engine.records import seconds
from jobs.engine.views.answers import for_managers, page, wants_json


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """A worker, its memory in KiB, and the jobs that it runs."""

    pid: int
    memory: int | None
    jobs: list[BackgroundJob]


@dataclass(frozen=True, slots=True)
class ClusterRow:
    """A cluster with its workers; dead when its heart has not beaten for long."""

    cluster: WorkerCluster
    heartbeat_age: timedelta
    workers: list[WorkerRow]
    others: list[tuple[str, int, int | None]]  # what they are, pid, memory in KiB

    @property
    def is_alive(self) -> bool:
        return self.heartbeat_age < timedelta(seconds=DEAD_AFTER)


@require_safe
@for_managers
def index(request: HttpRequest) -> HttpResponse:
    """Every cluster, and those that died within the last hour."""
    rows = _rows()
    if wants_json(request):
        return JsonResponse([_record(row) for row in rows], safe=False)
    context = {
        "alive": [row for row in rows if row.is_alive],
        "dead": [row for row in rows if not row.is_alive],
    }
    return page(request, "jobs/processes.html", context)


def _rows() -> list[ClusterRow]:
    clusters = WorkerCluster.objects.annotate(heartbeat_age=Now() - F("beat_at")).order_by("started_at", "pk")
    found = [(cluster, cluster.heartbeat_age) for cluster in clusters]
    running = _running(cluster.pk for cluster, _ in found)
    return [_row(cluster, age, running[cluster.pk]) for cluster, age in found]


def _running(clusters: Iterable[UUID]) -> defaultdict[UUID | None, list[BackgroundJob]]:
    found: defaultdict[UUID | None, list[BackgroundJob]] = defaultdict(list)
    jobs = BackgroundJob.objects.running().annotate_status().select_related("progress")
    for job in jobs.filter(claimed_by__in=list(clusters)).order_by("performed_at"):
        found[job.claimed_by].append(job)
    return found


def _row(cluster: WorkerCluster, age: timedelta, jobs: list[BackgroundJob]) -> ClusterRow:
    memory = cluster.stat.get("memory", {})
    pids = sorted({*cluster.worker_pids, *(job.worker_pid for job in jobs if job.worker_pid)})
    others = {
        "main process": cluster.pid,
        "sentinel": cluster.sentinel_pid,
        "pusher": cluster.stat.get("pusher"),
        "monitor": cluster.stat.get("monitor"),
    }
    return ClusterRow(
        cluster=cluster,
        heartbeat_age=age,
        workers=[
            WorkerRow(pid, memory.get(str(pid)), [job for job in jobs if job.worker_pid == pid])
            for pid in pids
        ],
        others=[(name, pid, memory.get(str(pid))) for name, pid in others.items() if pid],
    )


def _record(row: ClusterRow) -> dict[str, object]:
    cluster = row.cluster
    return {
        "id": str(cluster.pk),
        "host": cluster.host,
        "pid": cluster.pid,
        "queue_name": cluster.queue_name,
        "status": cluster.status,
        "is_alive": row.is_alive,
        "started_at": cluster.started_at,
        "heartbeat_at": cluster.beat_at,
        "heartbeat_age": seconds(row.heartbeat_age),
        "workers": [
            {"pid": worker.pid, "memory_kib": worker.memory, "jobs": [_job(job) for job in worker.jobs]}
            for worker in row.workers
        ],
    }


def _job(job: BackgroundJob) -> dict[str, object]:
    return {"id": str(job.pk), "name": job.name, "runtime_latency": seconds(job.duration)}
