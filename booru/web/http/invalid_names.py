"""Sends users whose names are not valid any more to where they choose another (behaviour 0.3, I.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

from booru.services.accounts.name_changes import has_invalid_name
from booru.web.http.requests import current_user, wants_json
from booru.web.http.responses import redirect_with_notice

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

# Leaving must always be possible.
_ALLOWED = ("new_user_name_change_request", "logout", "deactivate_user", "email_notification")


class InvalidNameMiddleware:
    """Only pages are kept back: what was sent before the name became invalid is not lost."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = current_user(request)
        if user is None or request.method != "GET" or wants_json(request) or not has_invalid_name(user):
            return self.get_response(request)
        allowed = {reverse(name) for name in _ALLOWED} | {reverse("deactivate_user", args=[user.pk])}
        if request.path in allowed:
            return self.get_response(request)
        notice = f"You must change your username to continue using {settings.DANBOORU_APP_NAME}"
        return redirect_with_notice(request, reverse("new_user_name_change_request"), notice)
