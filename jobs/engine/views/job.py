"""One job, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from jobs.engine import aftercare, listing
from jobs.engine.explain import explain
from jobs.engine.models import BackgroundJob
from jobs.engine.policy import policy_for
from jobs.engine.records import job_record
from jobs.engine.views.answers import act, for_managers, for_visitors, page, wants_json, way_back

# Shown on the page of the job; the list has the others.
_CHILDREN, _ATTEMPTS = 50, 20


@for_visitors
def show(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """One job, whole."""
    everything = policy_for(request).can_manage
    job = _find(job_id)
    explanation = explain(job) if everything else ""
    if wants_json(request):
        record = job_record(job, everything=everything)
        return JsonResponse(record | {"explanation": explanation} if everything else record)
    attempts = job.failed_attempts.order_by("-id")
    context = {
        "job": job,
        "pauses": listing.pauses(),
        "explanation": explanation,
        "children": listing.children(job)[:_CHILDREN],
        "parent": BackgroundJob.objects.filter(pk=job.parent_id).first() if job.parent_id else None,
        "attempts": attempts[:_ATTEMPTS] if everything else (),
    }
    return page(request, "jobs/show.html", context)


def destroy(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Remove it, in any state."""
    return _act(request, job_id, _delete)


def cancel(request: HttpRequest, job_id: UUID) -> HttpResponse:
    return _act(request, job_id, _cancel)


def retry(request: HttpRequest, job_id: UUID) -> HttpResponse:
    return _act(request, job_id, _retry)


def run(request: HttpRequest, job_id: UUID) -> HttpResponse:
    return _act(request, job_id, _run)


@for_managers
def _act(request: HttpRequest, job_id: UUID, action: Callable[[BackgroundJob], str]) -> HttpResponse:
    job = _find(job_id)
    back = way_back(request)
    if action is _delete and urlsplit(back).path == job.get_absolute_url():
        back = reverse("jobs:jobs")
    return act(request, lambda: action(job), back)


def _cancel(job: BackgroundJob) -> str:
    job.cancel()
    return f"{job.name} cancelled" if job.finished_at else f"{job.name} was asked to stop"


def _retry(job: BackgroundJob) -> str:
    job.retry()
    return f"{job.name} enqueued again"


def _run(job: BackgroundJob) -> str:
    job.run_now()
    return f"{job.name} enqueued to run now"


def _delete(job: BackgroundJob) -> str:
    aftercare.delete(job)
    return f"{job.name} deleted"


def _find(job_id: UUID) -> BackgroundJob:
    jobs = BackgroundJob.objects.annotate_status().select_related("progress", "batch")
    job = jobs.filter(pk=job_id).first()
    if job is None:
        raise Http404("That record was not found.")
    return job
