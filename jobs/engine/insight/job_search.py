"""The list of jobs: filters and order, quick however many jobs there are (behaviour H.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection
from django.db.models import Q

from jobs.engine.insight import excerpts
from jobs.engine.insight.queue_sizes import COUNT_LIMIT
from jobs.engine.models import BackgroundJob, BackgroundJobQuerySet, JobStatus, Pause
from jobs.engine.models.names import words
from jobs.engine.requests.request_ids import clean
from jobs.engine.sql import statement

if TYPE_CHECKING:
    from django.http import QueryDict

_JOB_CLASSES = statement("insight", "job_classes")

STATUSES = {
    "Running": (JobStatus.RUNNING,),
    "Queued": (JobStatus.QUEUED,),
    "Scheduled": (JobStatus.SCHEDULED, JobStatus.RETRIED),
    "Finished": (JobStatus.SUCCEEDED, JobStatus.DISCARDED),
    "Discarded": (JobStatus.DISCARDED,),
}
ORDERS = {
    "created_at": "-id",
    "updated_at": "-updated_at",
    "scheduled_at": "-run_after",
    "performed_at": "-performed_at",
    "finished_at": "-finished_at",
}
# What only managers see, only they may search by.
MANAGERS_FILTERS = frozenset({"request_id", "client_request_id", "lock_key", "batch", "cron_key"})


def search_values(params: QueryDict) -> dict[str, str]:
    """What `search[...]` asks for, by name, without what is blank. Raises ValueError for NUL."""
    found = {name[7:-1]: str(text) for name, text in params.items() if name.startswith("search[") and text}
    if any("\0" in text for text in found.values()):
        raise ValueError("Text may not contain NUL characters.")
    return found


def search(value: Mapping[str, str], *, everything: bool) -> BackgroundJobQuerySet:
    """The jobs with these values; without `everything` the filters of managers are left out."""
    jobs = excerpts.for_list(BackgroundJob.objects.annotate_status().select_related("progress"))
    if (status := value.get("status", "").capitalize()) in STATUSES:
        jobs = _in_state(jobs, status)
    if name := value.get("name"):
        jobs = jobs.filter(job_class__in=[path for path in job_classes() if words(path) == name])
    if queue := value.get("queue_name"):
        jobs = jobs.filter(queue_name=queue)
    if job_id := value.get("id"):
        jobs = jobs.filter(pk=job_id) if _is_uuid(job_id) else jobs.none()
    if everything:
        jobs = _narrowed(jobs, value)
    return _ordered(jobs, value.get("order", ""))


def _in_state(jobs: BackgroundJobQuerySet, status: str) -> BackgroundJobQuerySet:
    jobs = jobs.with_status(*STATUSES[status])
    if status in {"Queued", "Scheduled"}:
        # Always true, and the way to the indexes: one has what is held, the other what is not.
        jobs = jobs.filter(Q(held__isnull=True) | Q(held__isnull=False))
    return jobs


def _narrowed(jobs: BackgroundJobQuerySet, value: Mapping[str, str]) -> BackgroundJobQuerySet:
    if request_id := value.get("request_id"):
        jobs = jobs.filter(context__has_key="request_id", context__request_id=request_id)
    if client_id := value.get("client_request_id"):
        given = clean(client_id)
        jobs = jobs.filter(context__has_key="client_request_id", context__client_request_id=given)
    if key := value.get("lock_key"):
        jobs = jobs.filter(lock_keys__contains=[key])
    if batch := value.get("batch"):
        jobs = jobs.filter(batch=UUID(batch)) if _is_uuid(batch) else jobs.none()
    if cron_key := value.get("cron_key"):
        jobs = jobs.filter(cron_key=cron_key)
    return jobs


def _ordered(jobs: BackgroundJobQuerySet, order: str) -> BackgroundJobQuerySet:
    if order not in ORDERS or order == "created_at":
        return jobs.order_by("-id")
    # A job that was not performed yet has nothing to be ordered by.
    if order in {"performed_at", "finished_at"}:
        jobs = jobs.filter(**{f"{order}__isnull": False})
    return jobs.order_by(ORDERS[order], "-id")


def children(job: BackgroundJob) -> BackgroundJobQuerySet:
    """What the job enqueued, newest first. Ids go by time, so that older jobs need not be looked at."""
    jobs = excerpts.for_list(BackgroundJob.objects.annotate_status().select_related("progress"))
    return jobs.filter(parent=job, pk__gt=job.pk).order_by("-id")


def pauses() -> list[tuple[str, str]]:
    """The kind and name of everything that is paused."""
    return list(Pause.objects.values_list("kind", "name"))


def counts() -> dict[str, str]:
    """How many jobs there are in each state that somebody may have to look after."""
    shown = ("Running", "Queued", "Scheduled", "Discarded")
    return {status: _count(_in_state(BackgroundJob.objects.all(), status)) for status in shown}


def job_classes() -> list[str]:
    """Every job class in the table: one index look-up a class, not a walk over all jobs."""
    with connection.cursor() as cursor:
        cursor.execute(_JOB_CLASSES)
        return [path for (path,) in cursor.fetchall()]


def _count(jobs: BackgroundJobQuerySet) -> str:
    number = jobs.order_by()[: COUNT_LIMIT + 1].count()
    return f"{COUNT_LIMIT}+" if number > COUNT_LIMIT else str(number)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
