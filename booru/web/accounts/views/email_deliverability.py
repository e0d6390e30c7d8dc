"""Taking back that nobody reads mail at an address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.urls import reverse

from booru.models import EmailAddress
from booru.services.mailbox.mail_consequences import forget_bounce
from booru.web.accounts.policies import EmailAddressPolicy
from booru.web.http.policies import authorize
from booru.web.http.requests import logged_in_user
from booru.web.http.responses import saved
from booru.web.limits.rate_limits import limited, write_limit

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@limited(write_limit)
def update(request: HttpRequest, address_id: int) -> HttpResponse:
    address = get_object_or_404(EmailAddress.objects.select_related("user"), pk=address_id)
    authorize(EmailAddressPolicy(request.user, address.user).can_forget_bounce)
    forget_bounce(address, logged_in_user(request))
    return saved(request, reverse("email", args=[address.pk]), "Emails are sent to this address again")
