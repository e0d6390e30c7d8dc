"""The processes: which clusters are alive, and what each of their workers does."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse

from jobs.engine.dashboard.answers import for_managers, page, wants_json
from jobs.engine.insight.job_record import seconds
from jobs.engine.insight.workforce import ClusterState, cluster_states
from jobs.engine.models import BackgroundJob


@for_managers
def index(request: HttpRequest) -> HttpResponse:
    """Every cluster, and those that died within the last hour."""
    rows = cluster_states()
    if wants_json(request):
        return JsonResponse([_record(row) for row in rows], safe=False)
    context = {
        "alive": [row for row in rows if row.is_alive],
        "dead": [row for row in rows if not row.is_alive],
    }
    return page(request, "jobs/processes.html", context)


def _record(row: ClusterState) -> dict[str, object]:
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
