"""Shows times in the time zone of who looks at them (behaviour I.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from booru.rules.time_zones import time_zone
from booru.web.http.requests import current_user

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


class TimeZoneMiddleware:
    """UTC for visitors who are not logged in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = current_user(request)
        with timezone.override(time_zone(user.time_zone) if user else None):
            return self.get_response(request)
