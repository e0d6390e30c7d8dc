"""The actions that are limited, and by how much (behaviour 0.6, A.11, E.7, I.3, I.4)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING

from booru.models import Level
from booru.web.errors import TooManyRequests
from booru.web.requests import current_user

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from booru.models import User

    Action = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Limit:
    """A bucket that holds `burst` actions and gains `rate` of them a second."""

    bucket: str
    rate: float
    burst: int


def bulk_update_request_limit(user: User | None) -> Limit:
    bucket = "bulk_update_requests:write"
    if user and user.level >= Level.ADMIN:
        return Limit(bucket, 1, 50)
    return Limit(bucket, 1 / 60, 20 if user and user.level >= Level.BUILDER else 5)


def dmail_limit(user: User | None) -> Limit:
    if user and user.level >= Level.BUILDER:
        return Limit("dmails:create", 4 / 60, 60)
    return Limit("dmails:create", 1 / 120, 5)


def signup_limit(_user: User | None) -> Limit:
    return Limit("users:create", 1 / 300, 3)


def login_limit(_user: User | None) -> Limit:
    return Limit("sessions:create", 1 / 300, 5)


def write_limit(user: User | None) -> Limit:
    """For any write without a limit of its own."""
    return Limit("write", 4 if user and user.level >= Level.GOLD else 1, 200)


def limited(limit_for: Callable[[User | None], Limit]) -> Callable[[Action], Action]:
    """Refuse the action with TooManyRequests when its limit is reached."""

    def decorate(action: Action) -> Action:
        @wraps(action)
        def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if is_reached(limit_for(current_user(request)), request):
                raise TooManyRequests
            return action(request, *args, **kwargs)

        return checked

    return decorate


def is_reached(_limit: Limit, _request: HttpRequest) -> bool:
    """Whether a user, an address or a session has used up its limit. Buckets are not counted yet: never."""
    return False
