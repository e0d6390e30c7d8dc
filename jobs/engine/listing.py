"""The list of jobs: filters, order and pages, quick however many jobs there are (behaviour H.5)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection

from jobs.engine.models import BackgroundJob, BackgroundJobQuerySet, JobStatus
from jobs.engine.names import words

if TYPE_CHECKING:
    from django.http import HttpRequest, QueryDict

LIMIT, MAX_LIMIT, MAX_PAGE = 20, 1000, 1000
# Counting stops here: "1000+" says enough, and takes no time on a large table.
COUNT_LIMIT = 1000

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


class PageLimitReached(Exception):
    """You cannot go beyond this page."""


@dataclass(frozen=True, slots=True)
class Page:
    """The jobs of one page; the addresses of its neighbours, "" where there is none."""

    jobs: list[BackgroundJob]
    number: int
    previous_url: str
    next_url: str


def search(params: QueryDict, *, everything: bool) -> BackgroundJobQuerySet:
    """The jobs that `search[...]` asks for; what only managers may see, only they may search by."""
    jobs = BackgroundJob.objects.annotate_status()
    value = search_values(params)
    if statuses := STATUSES.get(value.get("status", "").capitalize()):
        jobs = jobs.with_status(*statuses)
    if name := value.get("name"):
        jobs = jobs.filter(job_class__in=[path for path in job_classes() if words(path) == name])
    if queue := value.get("queue_name"):
        jobs = jobs.filter(queue_name=queue)
    if job_id := value.get("id"):
        jobs = jobs.filter(pk=job_id) if _is_uuid(job_id) else jobs.none()
    if everything and (request_id := value.get("request_id")):
        jobs = jobs.filter(context__has_key="request_id", context__request_id=request_id)
    return _ordered(jobs, value.get("order", ""))


def search_values(params: QueryDict) -> dict[str, str]:
    """What is asked for, by name, without what is blank."""
    return {name[7:-1]: str(text) for name, text in params.items() if name.startswith("search[") and text}


def _ordered(jobs: BackgroundJobQuerySet, order: str) -> BackgroundJobQuerySet:
    if order not in ORDERS or order == "created_at":
        return jobs.order_by("-id")
    # A job that was not performed yet has nothing to be ordered by.
    if order in {"performed_at", "finished_at"}:
        jobs = jobs.filter(**{f"{order}__isnull": False})
    return jobs.order_by(ORDERS[order], "-id")


def paginate(request: HttpRequest, jobs: BackgroundJobQuerySet) -> Page:
    """The page that `page` and `limit` ask for. Raises ValueError for nonsense, PageLimitReached beyond."""
    number, limit = _number(request, "page", 1), _number(request, "limit", LIMIT)
    if number > MAX_PAGE:
        raise PageLimitReached(f"You cannot go beyond page {MAX_PAGE}.")
    number, limit = max(number, 1), min(max(limit, 1), MAX_LIMIT)
    start = (number - 1) * limit
    found = list(jobs[start : start + limit + 1])
    return Page(
        jobs=found[:limit],
        number=number,
        previous_url=_url(request, number - 1) if number > 1 else "",
        next_url=_url(request, number + 1) if len(found) > limit and number < MAX_PAGE else "",
    )


def counts() -> dict[str, str]:
    """How many jobs there are in each state that somebody may have to look after."""
    shown = ("Running", "Queued", "Scheduled", "Discarded")
    return {status: _count(BackgroundJob.objects.with_status(*STATUSES[status])) for status in shown}


def job_classes() -> list[str]:
    """Every job class in the table: one index look-up a class, not a walk over all jobs."""
    table = BackgroundJob._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH RECURSIVE classes AS (
                (SELECT job_class FROM {table} ORDER BY job_class LIMIT 1)
                UNION ALL
                SELECT (SELECT job_class FROM {table} WHERE job_class > classes.job_class
                        ORDER BY job_class LIMIT 1)
                FROM classes WHERE classes.job_class IS NOT NULL
            )
            SELECT job_class FROM classes WHERE job_class IS NOT NULL
            """  # noqa: S608 -- only names of our own
        )
        return [path for (path,) in cursor.fetchall()]


def _count(jobs: BackgroundJobQuerySet) -> str:
    number = jobs.order_by()[: COUNT_LIMIT + 1].count()
    return f"{COUNT_LIMIT}+" if number > COUNT_LIMIT else str(number)


def _number(request: HttpRequest, name: str, default: int) -> int:
    text = request.GET.get(name, "")
    if not text:
        return default
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise ValueError(f"Invalid {name}.")
    return int(text)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _url(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return f"{request.path}?{query.urlencode()}"
