"""Where an account was logged in before: tries from there never wait for those of strangers.

Whoever tries the secrets of an account is slowed down wherever they come from. Without this, that would let
them keep its owner out. A place is a browser, by a cookie that outlives its log-ins, or a network.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from booru.models import UserEvent
from booru.visitors.networks import network_of
from booru.web.http.requests import current_user
from jobs.engine.context import client_ip

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from booru.models import User

COOKIE = "known_browser"
_SALT = "booru.web.known_places"
# As long as browsers keep a cookie.
_LIFETIME = 400 * 24 * 60 * 60  # seconds
# Of as many accounts as one browser may know.
_ACCOUNTS = 5


class KnownBrowserMiddleware:
    """Gives the browser its cookie when somebody has logged in with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        user: User | None = getattr(request, "proven_owner", None)
        # Programs have no use of it.
        if user is not None and not hasattr(request, "api_key"):
            _give_cookie(request, response, user)
        return response


def remember_browser(request: HttpRequest, user: User) -> None:
    """This browser's user has proved to be the account's owner."""
    request.proven_owner = user  # type: ignore[attr-defined]


def known_browser(request: HttpRequest, user: User) -> str:
    """The name of this browser if the account was logged in with it since its last password, otherwise ""."""
    known = _cookie(request)
    proof = known["accounts"].get(str(user.pk), "")
    return known["id"] if constant_time_compare(proof, _proof(user)) else ""


def place_of(request: HttpRequest, user: User) -> str:
    """The name of the place if the account is known there, "" for everywhere else.

    Asks the database the same for every account.
    """
    network = _known_network(request, user)
    if current_user(request) == user:
        return "session"
    if browser := known_browser(request, user):
        return f"browser/{browser}"
    return network


def _known_network(request: HttpRequest, user: User) -> str:
    address = client_ip(request)
    if address is None:
        return ""
    events = UserEvent.objects.filter(user=user).authorized().from_network_of(address)
    return f"network/{network_of(address)}" if events.exists() else ""


def _give_cookie(request: HttpRequest, response: HttpResponse, user: User) -> None:
    known = _cookie(request)
    others = {key: proof for key, proof in known["accounts"].items() if key != str(user.pk)}
    newest = dict(list(others.items())[1 - _ACCOUNTS :])
    value = {"id": known["id"], "accounts": {**newest, str(user.pk): _proof(user)}}
    response.set_cookie(
        COOKIE,
        signing.dumps(value, salt=_SALT),
        max_age=_LIFETIME,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _cookie(request: HttpRequest) -> dict[str, Any]:
    try:
        value: dict[str, Any] = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_LIFETIME)
    except signing.BadSignature:
        return {"id": secrets.token_urlsafe(12), "accounts": {}}
    return value


def _proof(user: User) -> str:
    """Another password makes strangers of all browsers but the one that it is entered with."""
    return salted_hmac(_SALT, user.get_session_auth_hash()).hexdigest()[:20]
