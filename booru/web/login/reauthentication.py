"""Pages that want the password to have been entered a short while ago (behaviour 0.3)."""

from __future__ import annotations

from datetime import timedelta
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from booru.web.http.errors import HttpError
from booru.web.http.requests import current_user, wants_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    Action = Callable[..., HttpResponseBase]

LIFETIME = timedelta(minutes=60)
_AUTHENTICATED_AT = "last_authenticated_at"


class ReauthenticationRequired(HttpError):
    """A program has no page on which to enter a password."""

    status = HTTPStatus.FORBIDDEN
    default_message = "You must confirm your password to continue"


def mark_authenticated(request: HttpRequest) -> None:
    """The user has entered the password now."""
    request.session[_AUTHENTICATED_AT] = timezone.now().timestamp()


def is_authenticated_recently(request: HttpRequest) -> bool:
    age: float = timezone.now().timestamp() - request.session.get(_AUTHENTICATED_AT, 0)
    return 0 <= age < LIFETIME.total_seconds()


def requires_reauthentication(action: Action) -> Action:
    """Ask a logged-in user for the password first, unless it was entered in the last 60 minutes.

    Anonymous visitors are let through, to what the action itself says of their permission.
    """

    @wraps(action)
    def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if current_user(request) is None or is_authenticated_recently(request):
            return action(request, *args, **kwargs)
        if wants_json(request):
            raise ReauthenticationRequired
        query = urlencode({"url": _way_back(request)}, safe="/")
        return HttpResponseRedirect(f"{reverse('confirm_password')}?{query}")

    return checked


def _way_back(request: HttpRequest) -> str:
    """The page that was asked for, or for a form the page that it is on."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    referrer = urlsplit(request.headers.get("Referer", ""))
    if referrer.netloc != request.get_host() or not referrer.path:
        return request.path
    return referrer._replace(scheme="", netloc="", fragment="").geturl()
