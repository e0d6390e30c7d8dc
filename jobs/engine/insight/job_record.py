"""Jobs as programs get them (behaviour H.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jobs.engine.insight import excerpts

if TYPE_CHECKING:
    from datetime import timedelta

    from jobs.engine.models import BackgroundJob, JobProgress


# Lock keys of a job that are shown.
LOCK_KEYS = 100


def job_record(job: BackgroundJob, *, everything: bool) -> dict[str, Any]:
    """The job with its latencies in seconds.

    Arguments, errors, context, keys and the text of the progress only with `everything`. Danbooru hides
    errors on the page and shows them in the API (behaviour M.10); here they are hidden in both. `cut` names
    what is too long to be there whole: of an error the beginning is; of arguments the beginning of their
    JSON, as a text, for one job, and nothing in a list.
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
        "held": job.held,
        "progress": _progress(job, everything=everything),
        "created_at": job.enqueued_at,
        "updated_at": job.updated_at,
        "scheduled_at": job.run_after,
        "performed_at": job.performed_at,
        "finished_at": job.finished_at,
        "cancel_requested_at": job.cancel_requested_at,
        "queue_latency": seconds(job.queue_delay),
        "runtime_latency": seconds(job.duration),
    }
    if everything:
        arguments, error = excerpts.arguments_of(job), excerpts.error_of(job)
        keys = job.lock_keys or []
        parts = {"arguments": arguments.is_cut, "error": error.is_cut, "lock_keys": len(keys) > LOCK_KEYS}
        record |= {
            "arguments": arguments.value,
            "error": error.text,
            "context": excerpts.origin_of(job),
            "lock_keys": keys[:LOCK_KEYS],
            "cut": [name for name, is_cut in parts.items() if is_cut],
            "unique_key": job.unique_key,
            "batch_id": str(job.batch_id) if job.batch_id else None,
            "cron_key": job.cron_key,
            "cron_at": job.cron_at,
            "parent_id": str(job.parent_id) if job.parent_id else None,
        }
    return record


def _progress(job: BackgroundJob, *, everything: bool) -> dict[str, Any] | None:
    progress = progress_of(job)
    if progress is None:
        return None
    record = {"done": progress.done, "total": progress.total, "percent": progress.percent}
    return record | {"text": progress.text, "updated_at": progress.updated_at} if everything else record


def progress_of(job: BackgroundJob) -> JobProgress | None:
    """What the job's last attempt reported, if it did; what an earlier one said is of the past."""
    progress: JobProgress | None = getattr(job, "progress", None)
    if progress is None or job.performed_at is None or progress.updated_at < job.performed_at:
        return None
    return progress


def seconds(span: timedelta | None) -> float | None:
    """As JSON has it; to the microsecond."""
    return round(span.total_seconds(), 6) if span is not None else None
