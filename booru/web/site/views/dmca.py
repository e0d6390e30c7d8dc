"""Copyright complaints (behaviour G.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.shortcuts import render
from django.urls import reverse

from booru.services.moderation.dmca_complaints import Copy, receive_complaint
from booru.web.http.responses import created, failed_form
from booru.web.limits.rate_limits import limited
from booru.web.site.forms import DmcaForm
from booru.web.site.limits import INVALID_DMCA_LIMIT, dmca_limit, limit_dmca_copies
from mailers.content.senders import address_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_NOTICES = {
    Copy.SENT: "Your complaint was received. A copy was emailed to {}",
    Copy.LATER: "Your complaint was received. The copy to {} could not be emailed now; we will try again",
    Copy.NONE: "Your complaint was received. No copy could be emailed to {}",
}


def new(request: HttpRequest) -> HttpResponse:
    return render(request, "dmca/new.html", {"form": DmcaForm(), "dmca_address": address_of("dmca")})


@limited(dmca_limit, invalid=INVALID_DMCA_LIMIT)
def create(request: HttpRequest) -> HttpResponse:
    form = DmcaForm.from_request(request)
    complaint = form.complaint()
    try:
        complaint.validate()
    except ValidationError as error:
        return failed_form(request, form, "dmca/new.html", {"dmca_address": address_of("dmca")}, error=error)
    limit_dmca_copies(complaint.email)
    copy = receive_complaint(complaint)
    return created(request, reverse("dmca"), complaint.facts(), _NOTICES[copy].format(complaint.email))
