"""The status for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.engine.commands.table import one_line, table
from jobs.engine.insight.job_record import progress_of
from jobs.engine.models import BackgroundJob, PauseKind
from jobs.engine.templatetags.jobs import at_most, cluster_state, memory, moments, state

if TYPE_CHECKING:
    from jobs.engine.commands.status import Status
    from jobs.engine.insight.queue_sizes import QueueSize
    from jobs.engine.insight.workforce import ClusterState, WorkerState


def text(status: Status) -> str:
    """The clusters with their workers, then the queues, what is paused and the counts."""
    parts = [_cluster(found) for found in status.clusters] or ["No cluster is alive."]
    if status.queues:
        parts.append(_queues(status.queues))
    classes = [pause.name for pause in status.pauses if pause.kind == PauseKind.JOB_CLASS]
    if classes:
        parts.append("\n".join(f"Paused class: {one_line(name)}" for name in classes))
    parts.append(", ".join(f"{count} {name.lower()}" for name, count in status.counts.items()))
    return "\n\n".join(parts)


def _cluster(found: ClusterState) -> str:
    cluster = found.cluster
    queue = "every queue" if cluster.queue_name == "*" else f"queue {cluster.queue_name}"
    facts = [
        f"Cluster {cluster} ({queue}): {cluster_state(cluster)}",
        memory(found.memory),
        f"heartbeat {moments(found.heartbeat_age)} ago",
    ]
    heading = one_line(", ".join(filter(None, facts)))
    if not found.workers:
        return f"{heading}\n  no workers"
    rows = table(
        ("WORKER", "MEMORY", "FOR", "DOING"), map(_worker, found.workers), right={"WORKER", "MEMORY"}
    )
    return "\n  ".join([heading, *rows.splitlines()])


def _worker(worker: WorkerState) -> tuple[str, str, str, str]:
    pid, size = str(worker.pid), memory(worker.memory) or "-"
    if not worker.jobs:
        return pid, size, "-", "idle"
    return pid, size, moments(worker.jobs[0].duration), ", ".join(map(_doing, worker.jobs))


def _doing(job: BackgroundJob) -> str:
    words = [job.name, str(job.pk)]
    if (progress := progress_of(job)) and progress.percent is not None:
        words.append(f"{progress.percent}%")
    if job.cancel_requested_at:
        words.append(state(job))
    return " ".join(words)


def _queues(sizes: list[QueueSize]) -> str:
    header = ("QUEUE", "WAITING", "SCHEDULED", "RUNNING", "OLDEST WAIT", "STATE")
    rows = (
        (
            size.name,
            at_most(size.waiting),
            at_most(size.scheduled),
            str(size.running),
            moments(size.oldest_wait) or "-",
            "paused" if size.is_paused else "open",
        )
        for size in sizes
    )
    return table(header, rows, right={"WAITING", "SCHEDULED", "RUNNING"})
