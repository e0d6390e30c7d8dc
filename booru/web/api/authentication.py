"""Lets programs act as a user with an API key, in place of a cookie (behaviour 0.3)."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as BadBase64
from http import HTTPStatus
from importlib import import_module
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from booru.models import ApiKey
from booru.web.api.permissions import permission_for, permits
from booru.web.http.error_pages import http_error_response
from booru.web.http.errors import AccessDenied, HttpError
from booru.web.login.login_limits import limit_wrong_keys
from jobs.engine.context import client_ip

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from booru.web.http.actions import Action


class InvalidApiKey(HttpError):
    # Without WWW-Authenticate: a browser would ask for the key and send it along with other sites' forms.
    status = HTTPStatus.UNAUTHORIZED
    default_message = "Invalid API key"


class NoCookiesMiddleware:
    """A request with a key reads no cookie and sets none, whoever around it would; put it before those.

    So a program that is given a browser's cookies takes no notice that was for the browser.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not has_credentials(request):
            return self.get_response(request)
        request.COOKIES = {}
        request.META.pop("HTTP_COOKIE", None)
        response = self.get_response(request)
        response.cookies.clear()
        return response


class ApiKeyMiddleware:
    """A request with a key has no session, whatever cookies come with it, and so needs no CSRF token."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not has_credentials(request):
            return self.get_response(request)
        _without_session(request)
        request.user = AnonymousUser()
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
        try:
            request.api_key = _authenticate(request)  # type: ignore[attr-defined]
            request.user = request.api_key.user  # type: ignore[attr-defined]
        except HttpError as refusal:
            request.api_refusal = refusal  # type: ignore[attr-defined]
        response = self.get_response(request)
        # What the page kept is not for anybody's cookie.
        _without_session(request)
        return response

    def process_view(
        self, request: HttpRequest, view: Action, _args: object, _kwargs: object
    ) -> HttpResponse | None:
        """Here, so that a refusal is a page like any other, with all its headers."""
        if getattr(view, "checks_credentials_itself", False):
            return None
        refusal: HttpError | None = getattr(request, "api_refusal", None)
        api_key: ApiKey | None = getattr(request, "api_key", None)
        if api_key and not permits(api_key, permission_for(request, view)):
            refusal = AccessDenied()
        if refusal is None:
            return None
        return http_error_response(request, refusal)


def has_credentials(request: HttpRequest) -> bool:
    """Does it come with a key, whether or not that is a good one?"""
    has_query = request.GET.get("login") or request.GET.get("api_key")
    return bool(has_query) or _basic_credentials(request) is not None


def _authenticate(request: HttpRequest) -> ApiKey:
    """Raises InvalidApiKey, and AccessDenied from where the key may not be used."""
    login, key = _credentials(request)
    address = client_ip(request)
    api_key = ApiKey.objects.authenticate(login, key)
    if api_key is None:
        limit_wrong_keys(request, login)
        raise InvalidApiKey
    if not api_key.permits_address(address):
        raise AccessDenied
    api_key.note_use(address)
    return api_key


def _credentials(request: HttpRequest) -> tuple[str, str]:
    if (encoded := _basic_credentials(request)) is not None:
        return _decoded(encoded)
    login, key = request.GET.get("login", ""), request.GET.get("api_key", "")
    if not login or not key:
        raise InvalidApiKey("Missing `login` or `api_key`")
    return login, key


def _basic_credentials(request: HttpRequest) -> str | None:
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    return encoded if scheme.lower() == "basic" else None


def _decoded(encoded: str) -> tuple[str, str]:
    try:
        login, _, key = b64decode(encoded).decode().partition(":")
    except (BadBase64, ValueError) as error:
        raise InvalidApiKey from error
    return login, key


def _without_session(request: HttpRequest) -> None:
    request.session = import_module(settings.SESSION_ENGINE).SessionStore()
