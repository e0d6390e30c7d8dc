"""The status for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.engine.insight.job_record import seconds
from jobs.engine.insight.queue_sizes import COUNT_LIMIT
from jobs.engine.models import BackgroundJob

if TYPE_CHECKING:
    from jobs.engine.commands.status import Status
    from jobs.engine.insight.workforce import ClusterState


def record(status: Status) -> dict[str, object]:
    """Times in seconds, memory in KiB; counts that would be more than 1000 are 1001."""
    return {
        "clusters": [_cluster(found) for found in status.clusters],
        "queues": [
            {
                "name": size.name,
                "waiting": size.waiting,
                "scheduled": size.scheduled,
                "running": size.running,
                "oldest_wait": seconds(size.oldest_wait),
                "is_paused": size.is_paused,
            }
            for size in status.queues
        ],
        "counts": {name.lower(): _number(count) for name, count in status.counts.items()},
        "pauses": [
            {
                "kind": pause.kind,
                "name": pause.name,
                "paused_at": pause.paused_at,
                "paused_by": pause.paused_by,
            }
            for pause in status.pauses
        ],
    }


def _cluster(found: ClusterState) -> dict[str, object]:
    cluster = found.cluster
    return {
        "id": str(cluster.pk),
        "host": cluster.host,
        "pid": cluster.pid,
        "queue_name": cluster.queue_name,
        "status": cluster.status,
        "started_at": cluster.started_at,
        "heartbeat_age": seconds(found.heartbeat_age),
        "memory_kib": found.memory,
        "workers": [
            {"pid": worker.pid, "memory_kib": worker.memory, "jobs": [_job(job) for job in worker.jobs]}
            for worker in found.workers
        ],
    }


def _job(job: BackgroundJob) -> dict[str, object]:
    return {
        "id": str(job.pk),
        "job_class": job.job_class,
        "name": job.name,
        "runtime_latency": seconds(job.duration),
    }


def _number(count: str) -> int:
    return int(count) if count.isdecimal() else COUNT_LIMIT + 1
