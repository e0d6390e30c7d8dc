"""Jobs as programs get them (behaviour H.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import timedelta

    from jobs.engine.models import BackgroundJob


def job_record(job: BackgroundJob, *, everything: bool) -> dict[str, Any]:
    """The job with its latencies in seconds; arguments, error and context only with `everything`.

    Danbooru hides errors on the page and shows them in the API (M.10); here they are hidden in both.
    """
    record = {
        "id": str(job.pk),
        "job_class": job.job_class,
        "name": job.name,
        "status": job.status_now,
        "queue_name": job.queue_name,
        "priority": job.priority,
        "attempts": job.attempts,
        "labels": job.labels,
        "created_at": job.enqueued_at,
        "updated_at": job.updated_at,
        "scheduled_at": job.run_after,
        "performed_at": job.performed_at,
        "finished_at": job.finished_at,
        "queue_latency": _seconds(job.queue_delay),
        "runtime_latency": _seconds(job.duration),
    }
    if everything:
        record |= {
            "arguments": job.arguments,
            "error": job.error,
            "context": job.context,
            "parent_id": str(job.parent_id) if job.parent_id else None,
        }
    return record


def _seconds(span: timedelta | None) -> float | None:
    return round(span.total_seconds(), 6) if span is not None else None
