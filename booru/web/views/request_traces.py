"""What a request led to: its jobs, and the emails that it or they sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, JsonResponse
from django.shortcuts import render

from booru.models import User
from booru.web.json_records import sent_mail_record
from booru.web.policies import JobPolicy, SentMailPolicy, authorize
from booru.web.requests import wants_json
from jobs.engine import listing
from jobs.engine.records import job_record
from mailers.models import SentMail

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

# Shown here; the lists have the others.
_AT_MOST = 50


def show(request: HttpRequest, request_id: str) -> HttpResponse:
    authorize(SentMailPolicy(request.user).can_index)
    jobs = list(listing.search({"request_id": request_id}, everything=True)[: _AT_MOST + 1])
    mails = list(SentMail.objects.filter(request_id=request_id).select_related("user")[: _AT_MOST + 1])
    if not jobs and not mails:
        raise Http404
    if wants_json(request):
        return JsonResponse(
            {
                "request_id": request_id,
                "jobs": [job_record(job, everything=True) for job in jobs[:_AT_MOST]],
                "sent_mails": [sent_mail_record(mail) for mail in mails[:_AT_MOST]],
            }
        )
    origin = jobs[-1].context if jobs else {}
    context = {
        "request_id": request_id,
        "origin": origin,
        "asker": User.objects.filter(pk=origin.get("user_id") or 0).first(),
        "jobs": jobs[:_AT_MOST],
        "mails": mails[:_AT_MOST],
        "has_more_jobs": len(jobs) > _AT_MOST,
        "has_more_mails": len(mails) > _AT_MOST,
        # What the table of jobs asks for.
        "policy": JobPolicy(request.user),
        "pauses": listing.pauses(),
    }
    return render(request, "requests/show.html", context)
