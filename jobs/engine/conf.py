"""The engine's settings, all of them optional."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings


def _setting(name: str, default: Any) -> Any:
    return getattr(settings, name, default)


def mode() -> str:
    """JOBS_MODE: "external" (qcluster), "async" (threads of this process), "inline" or "testing"."""
    return str(_setting("JOBS_MODE", "external"))


def queue_limits() -> Mapping[str, int]:
    """JOBS_QUEUE_LIMITS: how many jobs of a queue a cluster runs at once; negative is all but so many."""
    limits: Mapping[str, int] = _setting("JOBS_QUEUE_LIMITS", {"bulk_update": -1})
    return limits


def priority_range() -> tuple[int | None, int | None]:
    """JOBS_MIN_PRIORITY and JOBS_MAX_PRIORITY: the only priorities that workers here take."""
    return _setting("JOBS_MIN_PRIORITY", None), _setting("JOBS_MAX_PRIORITY", None)


def starved_after() -> timedelta:
    """JOBS_STARVED_AFTER: a job due for longer is now and then taken before those of better priority."""
    span: timedelta = _setting("JOBS_STARVED_AFTER", timedelta(minutes=10))
    return span


def stop_timeout() -> timedelta:
    """JOBS_STOP_TIMEOUT: how long a stopping cluster waits for its jobs before it puts them back."""
    span: timedelta = _setting("JOBS_STOP_TIMEOUT", timedelta(seconds=25))
    return span


def deploy_grace() -> timedelta:
    """JOBS_DEPLOY_GRACE: how long a job of a class that workers do not have waits for one that has it."""
    span: timedelta = _setting("JOBS_DEPLOY_GRACE", timedelta(minutes=10))
    return span


def moved() -> Mapping[str, str]:
    """JOBS_MOVED: the earlier dotted paths of job classes and functions, each with the one of today."""
    paths: Mapping[str, str] = _setting("JOBS_MOVED", {})
    return paths


def retention() -> timedelta:
    """JOBS_RETENTION: how long finished jobs are kept."""
    span: timedelta = _setting("JOBS_RETENTION", timedelta(days=3))
    return span


def destroy_failed_jobs() -> bool:
    """JOBS_DESTROY_FAILED: delete jobs that end with an error, as Delayed Job can."""
    return bool(_setting("JOBS_DESTROY_FAILED", False))


def max_rss() -> int | None:
    """JOBS_MAX_RSS: MiB of memory; a worker that uses more is replaced after its job."""
    limit: int | None = _setting("JOBS_MAX_RSS", None)
    return limit


def schedule() -> str | None:
    """JOBS_SCHEDULE: the dotted path of the schedule, a sequence of CronEntry."""
    path: str | None = _setting("JOBS_SCHEDULE", None)
    return path


def alerts() -> bool:
    """JOBS_ALERTS: email ADMINS when jobs are discarded with an error."""
    return bool(_setting("JOBS_ALERTS", True))
