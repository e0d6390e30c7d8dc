"""What was sent to whom, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models.functions import Now
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render

from booru.web.http.policies import authorize
from booru.web.http.requests import wants_json
from booru.web.http.responses import json_list
from booru.web.lists.pagination import paginate
from booru.web.lists.search import search_params, without_blank_fields
from booru.web.site.policies import SentMailPolicy
from booru.web.site.records import sent_mail_record
from booru.web.site.searches import SENT_MAIL_SEARCH
from jobs.engine.models import BackgroundJob
from mailers.base import Mailer
from mailers.models import MailServerTrouble, SentMail, SentMailStatus

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@without_blank_fields
def index(request: HttpRequest) -> HttpResponse:
    authorize(SentMailPolicy(request.user).can_index)
    params = search_params(request)
    page = paginate(request, SENT_MAIL_SEARCH.find(SentMail.objects.select_related("user", "asker"), params))
    if wants_json(request):
        return json_list([sent_mail_record(mail) for mail in page.items])
    context = {"page": page, "search": params, "statuses": SentMailStatus, "mails": _mails()}
    context["troubles"] = MailServerTrouble.objects.filter(retry_at__gt=Now())
    return render(request, "sent_mails/index.html", context)


def show(request: HttpRequest, mail_id: int) -> HttpResponse:
    authorize(SentMailPolicy(request.user).can_show)
    mail = get_object_or_404(SentMail.objects.select_related("user", "asker"), pk=mail_id)
    events = list(mail.events.all())
    if wants_json(request):
        return JsonResponse({**sent_mail_record(mail), "events": [_event_record(event) for event in events]})
    # The job may not be kept any more.
    job = BackgroundJob.objects.filter(pk=mail.job_id).first() if mail.job_id else None
    return render(request, "sent_mails/show.html", {"mail": mail, "events": events, "job": job})


def _event_record(event: object) -> dict[str, object]:
    return {name: getattr(event, name) for name in ("status", "reason", "occurred_at", "created_at")}


def _mails() -> list[str]:
    """The names of all emails to users."""
    mailers = Mailer.__subclasses__()
    return sorted(f"{mailer.__name__}.{name}" for mailer in mailers for name in mailer.emails)
