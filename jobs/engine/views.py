"""The dashboard: every job, what became of it, and what a person can do about it (behaviour H.5)."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from jobs.engine import listing
from jobs.engine.errors import JobActionError
from jobs.engine.heartbeat import live_clusters
from jobs.engine.models import BackgroundJob
from jobs.engine.names import words
from jobs.engine.policy import policy_for
from jobs.engine.records import job_record


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The list, newest first."""
    policy = policy_for(request)
    if not policy.can_index:
        raise PermissionDenied
    try:
        page = listing.paginate(request, listing.search(request.GET, everything=policy.can_manage))
    except ValueError as error:
        return _problem(request, HTTPStatus.BAD_REQUEST, error)
    except listing.PageLimitReached as error:
        return _problem(request, HTTPStatus.GONE, error)
    if _wants_json(request):
        records = [job_record(job, everything=policy.can_manage) for job in page.jobs]
        return JsonResponse(records, safe=False)
    context = {
        "page": page,
        "policy": policy,
        "counts": listing.counts(),
        "clusters": live_clusters(),
        "names": sorted({words(path) for path in listing.job_classes()}),
        "statuses": listing.STATUSES,
        "orders": listing.ORDERS,
        "search": listing.search_values(request.GET),
        "chosen_status": listing.search_values(request.GET).get("status", "").capitalize(),
    }
    return _page(request, "jobs/index.html", context)


@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
def show(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """One job, whole; DELETE, or POST with _method=delete, removes it in any state."""
    if request.method == "DELETE" or (request.method == "POST" and request.POST.get("_method") == "delete"):
        return _act(request, job_id, _delete, "deleted")
    if request.method == "POST":
        return _problem(request, HTTPStatus.BAD_REQUEST, ValueError("Nothing was asked for."))
    policy = policy_for(request)
    if not policy.can_index:
        raise PermissionDenied
    job = _find(job_id)
    if _wants_json(request):
        return JsonResponse(job_record(job, everything=policy.can_manage))
    context = {
        "job": job,
        "policy": policy,
        "children": BackgroundJob.objects.annotate_status().filter(parent=job)[:50],
        "attempts": job.failed_attempts.order_by("-id")[:20] if policy.can_manage else (),
    }
    return _page(request, "jobs/show.html", context)


@require_http_methods(["POST", "PUT"])
def cancel(request: HttpRequest, job_id: UUID) -> HttpResponse:
    return _act(request, job_id, BackgroundJob.cancel, "cancelled")


@require_http_methods(["POST", "PUT"])
def retry(request: HttpRequest, job_id: UUID) -> HttpResponse:
    return _act(request, job_id, BackgroundJob.retry, "enqueued again")


@require_http_methods(["POST", "PUT"])
def run(request: HttpRequest, job_id: UUID) -> HttpResponse:
    return _act(request, job_id, BackgroundJob.run_now, "enqueued to run now")


def _act(
    request: HttpRequest, job_id: UUID, action: Callable[[BackgroundJob], None], done: str
) -> HttpResponse:
    if not policy_for(request).can_manage:
        raise PermissionDenied
    job = _find(job_id)
    try:
        action(job)
    except JobActionError as error:
        if _wants_json(request):
            return _problem(request, HTTPStatus.UNPROCESSABLE_ENTITY, error)
        messages.error(request, f"{error}.")
    else:
        if _wants_json(request):
            return HttpResponse(status=HTTPStatus.NO_CONTENT)
        messages.info(request, f"{job.name} {done}.")
    return HttpResponseRedirect(_way_back(request))


def _delete(job: BackgroundJob) -> None:
    BackgroundJob.objects.filter(pk=job.pk).delete()


def _find(job_id: UUID) -> BackgroundJob:
    job = BackgroundJob.objects.annotate_status().filter(pk=job_id).first()
    if job is None:
        raise Http404("That record was not found.")
    return job


def _way_back(request: HttpRequest) -> str:
    to = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(to, allowed_hosts=None, require_https=request.is_secure()):
        return to
    return reverse("jobs:jobs")


def _wants_json(request: HttpRequest) -> bool:
    return request.path.endswith(".json") or request.headers.get("Accept") == "application/json"


def _problem(request: HttpRequest, status: HTTPStatus, error: Exception) -> HttpResponse:
    if _wants_json(request):
        body = {"success": False, "error": type(error).__name__, "message": str(error), "backtrace": []}
        return JsonResponse(body, status=status)
    return _page(request, "jobs/problem.html", {"problem": str(error)}, status=status)


def _page(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = HTTPStatus.OK
) -> HttpResponse:
    base = getattr(settings, "JOBS_BASE_TEMPLATE", "layouts/default.html")
    return render(request, template, {**context, "base_template": base}, status=status)
