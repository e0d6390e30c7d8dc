"""One-click unsubscribe from email notifications (behaviour F.9, RFC 8058)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render

from booru.models import User
from booru.web.http.errors import AccessDenied
from booru.web.http.params import body_fields
from mailers.content import tokens

if TYPE_CHECKING:
    from django.http import HttpRequest


def show(request: HttpRequest) -> HttpResponse:
    """Asks first: programs that scan mail open every link in it."""
    context = {"user_id": request.GET.get("user_id", ""), "sig": request.GET.get("sig", "")}
    return render(request, "unsubscribe/show.html", context)


def destroy(request: HttpRequest) -> HttpResponse:
    """Needs no cookies and no login. A mail program gets an empty 200, never a redirect."""
    fields = body_fields(request)
    user_id = request.GET.get("user_id") or fields.get("user_id", "")
    signature = request.GET.get("sig") or fields.get("sig", "")
    if not user_id or tokens.unsign("unsubscribe", signature) != user_id:
        raise AccessDenied
    User.objects.filter(pk=int(user_id)).update(receive_email_notifications=False)
    if fields.get("List-Unsubscribe") == "One-Click":
        return HttpResponse()
    return render(request, "unsubscribe/destroyed.html")
