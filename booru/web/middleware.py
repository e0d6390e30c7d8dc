"""What happens around every page: errors, malformed requests, the user's last visit, security headers."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import PermissionDenied
from django.http import Http404, UnreadablePostError
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from booru.models import User
from booru.services.accounts.two_factor import TooManyCodes
from booru.services.moderation.bans import lift_expired_ban
from booru.visitors.time_limits import is_timeout
from booru.web.http.error_pages import (
    DENIED,
    NOT_FOUND,
    UNREADABLE,
    error_response,
    http_error_response,
    plain_error_response,
    timeout_response,
)
from booru.web.http.errors import HttpError, TooManyRequests
from booru.web.http.requests import current_user
from booru.web.http.utf8_request import CHARSETS
from booru.web.login.log_in import drop_session
from booru.web.login.login_sessions import current_login_session, has_login_id, note_use, start_login_session
from jobs.engine.context import client_ip

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    GetResponse = Callable[[HttpRequest], HttpResponse]

_VARIES = ("Accept", "Content-Type", "Cookie", "Authorization", "HX-Request")
_LAST_LOGIN_RESOLUTION = timedelta(hours=1)
_CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'self'",
        "img-src 'self' data:",
        "style-src 'self' 'unsafe-inline'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)


class MalformedRequestMiddleware:
    """Refuses requests that nobody means to send, before anything reads them."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if problem := _problem_with(request):
            return plain_error_response(request, HTTPStatus.BAD_REQUEST, problem, "BadRequest")
        return self.get_response(request)


def _problem_with(request: HttpRequest) -> str | None:
    """PostgreSQL cannot hold NUL, so no text that carries it can be meant; nor can a body on a GET."""
    texts = [request.path_info, *request.GET, *request.COOKIES.values()]
    texts += [value for _, values in request.GET.lists() for value in values]
    if any("\0" in text for text in texts):
        return "Text may not contain NUL characters."
    if request.method in {"GET", "HEAD"} and request.META.get("CONTENT_LENGTH") not in {None, "", "0"}:
        return "A GET request may not have a body."
    charset = (request.content_params or {}).get("charset", "utf-8")
    if request.method not in {"GET", "HEAD"} and charset.lower() not in CHARSETS:
        return "Text must be sent in UTF-8."
    return None


class ErrorMiddleware:
    """Shows the errors that a view raised for the person."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        name = type(exception).__name__
        match exception:
            case HttpError():
                return http_error_response(request, exception)
            case TooManyCodes():
                return http_error_response(request, TooManyRequests(exception.seconds))
            case Http404():
                return error_response(request, HTTPStatus.NOT_FOUND, NOT_FOUND, name)
            case PermissionDenied():
                return error_response(request, HTTPStatus.FORBIDDEN, DENIED, name)
            case UnreadablePostError():
                # The client has gone, or sent less than it said.
                return plain_error_response(request, HTTPStatus.BAD_REQUEST, UNREADABLE, name)
        return timeout_response(request) if is_timeout(exception) else None


class LastVisitMiddleware:
    """Keeps when and from where each user was last here (behaviour 0.3).

    Logs out the deleted (behaviour I.2), and those whose login session was ended elsewhere.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = current_user(request)
        if user is not None and (user.is_deleted or not _has_login_session(request, user)):
            drop_session(request)
        elif user is not None:
            _note_visit(user, client_ip(request))
            lift_expired_ban(user)
        return self.get_response(request)


def _has_login_session(request: HttpRequest, user: User) -> bool:
    if SESSION_KEY not in request.session:
        # Not logged in with a cookie.
        return True
    if not has_login_id(request):
        # Logged in before there were login sessions.
        start_login_session(request, user)
    login_session = current_login_session(request)
    if login_session is None or not login_session.is_active:
        return False
    note_use(request, login_session)
    return True


def _note_visit(user: User, ip_addr: str | None) -> None:
    now = timezone.now()
    changes: dict[str, object] = {}
    if user.last_logged_in_at is None or user.last_logged_in_at < now - _LAST_LOGIN_RESOLUTION:
        changes["last_logged_in_at"] = now
    # The last that is known.
    if ip_addr and user.last_ip_addr != ip_addr:
        changes["last_ip_addr"] = ip_addr
    if changes:
        # Not save(): a page must not write back the other fields that it read a moment ago.
        User.objects.filter(pk=user.pk).update(**changes)


class SecurityHeadersMiddleware:
    """Content-Security-Policy, the rate limit, and no shared caching of what a logged-in user sees."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Django's own error pages for developers come with their style sheet inside.
        if not (settings.DEBUG and response.status_code >= HTTPStatus.BAD_REQUEST):
            response.headers.setdefault("Content-Security-Policy", _CONTENT_SECURITY_POLICY)
        if rate_limit := getattr(request, "rate_limit", None):
            response.headers["X-Rate-Limit"] = rate_limit
        # What the same address may show another visitor, or another program of the same one.
        patch_vary_headers(response, _VARIES)
        if current_user(request) is not None:
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response
