"""What a view asks of a request: its format, its user, and a safe place to go next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.http import url_has_allowed_host_and_scheme

from booru.models import User
from booru.web.http.errors import AccessDenied

if TYPE_CHECKING:
    from django.http import HttpRequest


def wants_json(request: HttpRequest) -> bool:
    """Whether the address ends in `.json` or the body is JSON."""
    return request.path.endswith(".json") or request.content_type == "application/json"


def current_user(request: HttpRequest) -> User | None:
    """Who is logged in, if anybody."""
    user = getattr(request, "user", None)
    return user if isinstance(user, User) else None


def logged_in_user(request: HttpRequest) -> User:
    """Who is logged in; AccessDenied for an anonymous visitor."""
    user = current_user(request)
    if user is None:
        raise AccessDenied
    return user


def local_url(url: str) -> str:
    """The given address if it stays on this site, "" for none; AccessDenied for any other (behaviour I.3)."""
    if not url:
        return ""
    # With no host allowed, only a path on this site is left.
    if not url.startswith("/") or not url_has_allowed_host_and_scheme(url, allowed_hosts=None):
        raise AccessDenied
    return url
