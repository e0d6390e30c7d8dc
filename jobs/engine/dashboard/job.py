"""One job, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit
from uuid import UUID

from django.db.models import F, TextField
from django.db.models.functions import Cast, Left
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from jobs.engine.afterwards import hooks
from jobs.engine.dashboard.answers import act, for_managers, for_visitors, page, wants_json, way_back
from jobs.engine.faults.failure import BACKTRACE, MESSAGE
from jobs.engine.faults.long_text import cut
from jobs.engine.insight import excerpts, job_search
from jobs.engine.insight.explain import explain
from jobs.engine.insight.job_record import LOCK_KEYS, job_record
from jobs.engine.models import BackgroundJob, JobAttempt
from jobs.engine.policy import policy_for

# Shown on the page of the job; the list has the others.
_CHILDREN, _ATTEMPTS = 50, 20
# Letters of an attempt's message, and of the backtrace of all but the newest.
_MESSAGE, _BACKTRACE = 2_000, 5_000


@for_visitors
def show(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """One job, whole."""
    everything = policy_for(request).can_manage
    job = _find(job_id)
    explanation = explain(job) if everything else ""
    if wants_json(request):
        record = job_record(job, everything=everything)
        return JsonResponse(record | {"explanation": explanation} if everything else record)
    context = {
        "job": job,
        "pauses": job_search.pauses(),
        "explanation": explanation,
        "children": job_search.children(job)[:_CHILDREN],
        "parent": BackgroundJob.objects.only("job_class").filter(pk=job.parent_id).first()
        if job.parent_id
        else None,
        "attempts": _attempts(job) if everything else (),
        "lock_keys": (job.lock_keys or [])[:LOCK_KEYS],
    }
    return page(request, "jobs/show.html", context)


@for_managers
def arguments(request: HttpRequest, job_id: UUID) -> HttpResponse:  # noqa: ARG001 -- what a view is given
    """All of its arguments, as JSON; the page shows the beginning."""
    text = Cast(F("arguments"), TextField())
    found = BackgroundJob.objects.filter(pk=job_id).values_list(text).first()
    if found is None:
        raise Http404("That record was not found.")
    return HttpResponse(found[0], content_type="application/json")


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
    hooks.delete(job)
    return f"{job.name} deleted"


def _attempts(job: BackgroundJob) -> Sequence[JobAttempt]:
    """The latest, each in short; the newest with all of the backtrace that is kept."""
    attempts = job.failed_attempts.defer("message", "backtrace").order_by("-id")
    found = list(
        attempts.annotate(said=Left("message", MESSAGE), trace=Left("backtrace", 2 * BACKTRACE))[:_ATTEMPTS]
    )
    for number, attempt in enumerate(found):
        attempt.message = cut([attempt.said], _MESSAGE)
        attempt.backtrace = cut([attempt.trace], _BACKTRACE if number else BACKTRACE)
    return found


def _find(job_id: UUID) -> BackgroundJob:
    jobs = BackgroundJob.objects.annotate_status().select_related("progress", "batch")
    job = excerpts.for_page(jobs).filter(pk=job_id).first()
    if job is None:
        raise Http404("That record was not found.")
    return job
