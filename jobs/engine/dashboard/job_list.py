"""The list of jobs."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse

from jobs.engine.cluster.heartbeat import live_clusters
from jobs.engine.dashboard import paging
from jobs.engine.dashboard.answers import for_visitors, page, problem, wants_json
from jobs.engine.insight import job_search
from jobs.engine.insight.job_record import job_record
from jobs.engine.models.names import words
from jobs.engine.policy import policy_for

# Of a page for people, whatever limit they ask for; programs get paging.MAX_LIMIT.
_ROWS = 100


@for_visitors
def index(request: HttpRequest) -> HttpResponse:
    """The newest first."""
    everything = policy_for(request).can_manage
    try:
        search = job_search.search_values(request.GET)
        most = paging.MAX_LIMIT if wants_json(request) else _ROWS
        found = paging.paginate(request, job_search.search(search, everything=everything), most=most)
    except ValueError as error:
        return problem(request, HTTPStatus.BAD_REQUEST, error)
    except paging.PageLimitReached as error:
        return problem(request, HTTPStatus.GONE, error)
    if wants_json(request):
        return JsonResponse([job_record(job, everything=everything) for job in found.rows], safe=False)
    context = {
        "page": found,
        "counts": job_search.counts(),
        "clusters": live_clusters(),
        "pauses": job_search.pauses(),
        "names": sorted({words(path) for path in job_search.job_classes()}),
        "statuses": job_search.STATUSES,
        "orders": job_search.ORDERS,
        "search": search,
        "chosen_status": search.get("status", "").capitalize(),
        "is_narrowed": bool(job_search.MANAGERS_FILTERS & search.keys()),
    }
    return page(request, "jobs/index.html", context)
