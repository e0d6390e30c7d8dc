"""The list of jobs."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse

from jobs.engine import listing
from jobs.engine.dashboard import paging
from jobs.engine.dashboard.answers import for_visitors, page, problem, wants_json
from jobs.engine.heartbeat import live_clusters
from jobs.engine.models.names import words
from jobs.engine.policy import policy_for
from jobs.engine.records import job_record

# Of a page for people, whatever limit they ask for; programs get paging.MAX_LIMIT.
_ROWS = 100


@for_visitors
def index(request: HttpRequest) -> HttpResponse:
    """The newest first."""
    everything = policy_for(request).can_manage
    try:
        search = listing.search_values(request.GET)
        most = paging.MAX_LIMIT if wants_json(request) else _ROWS
        found = paging.paginate(request, listing.search(search, everything=everything), most=most)
    except ValueError as error:
        return problem(request, HTTPStatus.BAD_REQUEST, error)
    except paging.PageLimitReached as error:
        return problem(request, HTTPStatus.GONE, error)
    if wants_json(request):
        return JsonResponse([job_record(job, everything=everything) for job in found.rows], safe=False)
    context = {
        "page": found,
        "counts": listing.counts(),
        "clusters": live_clusters(),
        "pauses": listing.pauses(),
        "names": sorted({words(path) for path in listing.job_classes()}),
        "statuses": listing.STATUSES,
        "orders": listing.ORDERS,
        "search": search,
        "chosen_status": search.get("status", "").capitalize(),
        "is_narrowed": bool(listing.MANAGERS_FILTERS & search.keys()),
    }
    return page(request, "jobs/index.html", context)
