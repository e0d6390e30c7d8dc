"""Batches: how far they are, and what follows."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from jobs.engine.dashboard import paging
from jobs.engine.dashboard.answers import for_managers, page, problem, wants_json
from jobs.engine.dashboard.batch_row import BatchRow
from jobs.engine.insight import job_search
from jobs.engine.models import BackgroundJob, JobBatch

# Jobs on the page of a batch; the list has the others.
_JOBS = 20


@for_managers
def index(request: HttpRequest) -> HttpResponse:
    """The newest first."""
    try:
        found = paging.paginate(request, JobBatch.objects.order_by("-id"))
    except ValueError as error:
        return problem(request, HTTPStatus.BAD_REQUEST, error)
    except paging.PageLimitReached as error:
        return problem(request, HTTPStatus.GONE, error)
    rows = _rows(found.rows)
    if wants_json(request):
        return JsonResponse([row.record() for row in rows], safe=False)
    return page(request, "jobs/batches.html", {"page": found, "rows": rows})


@for_managers
def show(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """One batch with its latest jobs."""
    batch = JobBatch.objects.filter(pk=batch_id).first()
    if batch is None:
        raise Http404("That record was not found.")
    (row,) = _rows([batch])
    if wants_json(request):
        return JsonResponse(row.record())
    jobs = job_search.search({"batch": str(batch.pk)}, everything=True)
    context: dict[str, Any] = {"row": row, "jobs": jobs[:_JOBS], "pauses": job_search.pauses()}
    return page(request, "jobs/batch.html", context)


def _rows(batches: Iterable[JobBatch]) -> list[BatchRow]:
    batches = list(batches)
    jobs = BackgroundJob.objects.filter(batch__in=batches).order_by().values_list("batch")
    failed = Count("pk", filter=Q(finished_at__isnull=False, error__isnull=False))
    figures = {pk: counts for pk, *counts in jobs.annotate(Count("pk"), Count("finished_at"), failed=failed)}
    return [_row(batch, *figures.get(batch.pk, (0, 0, 0))) for batch in batches]


def _row(batch: JobBatch, total: int, done: int, failed: int) -> BatchRow:
    """With the jobs that are deleted."""
    gone = batch.gone_succeeded + batch.gone_failed
    return BatchRow(batch, total + gone, done + gone, failed + batch.gone_failed)
