"""What a request led to: its jobs, and the emails that it or they sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, JsonResponse
from django.shortcuts import render

from booru.web.http.policies import JobPolicy, authorize
from booru.web.http.requests import wants_json
from booru.web.site.policies import SentMailPolicy
from booru.web.site.records import sent_mail_record
from booru.web.site.request_trace import AT_MOST, Origin, RequestTrace
from jobs.engine.insight import job_search
from jobs.engine.insight.job_record import job_record

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def show(request: HttpRequest, request_id: str) -> HttpResponse:
    authorize(SentMailPolicy(request.user).can_index)
    trace = RequestTrace(request_id)
    if trace.is_empty():
        raise Http404
    if wants_json(request):
        return JsonResponse(_record(trace))
    context = {
        "trace": trace,
        "mails": trace.mails[:AT_MOST],
        "has_more_jobs": len(trace.jobs) > AT_MOST,
        "has_more_mails": len(trace.mails) > AT_MOST,
        # What the table of jobs asks for.
        "policy": JobPolicy(request.user),
        "pauses": job_search.pauses(),
    }
    return render(request, "requests/show.html", context)


def _record(trace: RequestTrace) -> dict[str, Any]:
    return {
        "request_id": trace.request_id,
        "jobs": _jobs(trace.origins),
        "sent_mails": [
            {**sent_mail_record(mail), "asker_name": mail.asker.name if mail.asker else None}
            for mail in trace.mails[:AT_MOST]
        ],
        "jobs_of_clients": _jobs(trace.origins_of_clients),
    }


def _jobs(origins: list[Origin]) -> list[dict[str, Any]]:
    return [
        {**job_record(job, everything=True), "user_name": origin.user.name if origin.user else None}
        for origin in origins
        for job in origin.jobs
    ]
