"""What the site says of itself: how to reach us, and what we keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from mailers.content.senders import address_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def contact(request: HttpRequest) -> HttpResponse:
    context = {"webmaster_address": address_of("webmaster"), "security_address": address_of("security")}
    return render(request, "site_pages/contact.html", context)


def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "site_pages/privacy.html")
