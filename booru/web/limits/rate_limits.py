"""How often something may be done: buckets of actions, for each user, network and session (behaviour 0.6).

Which limits there are is said in the rooms, each in its limits.py.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from booru.models import Level, RateLimit
from booru.visitors.networks import is_public, network_of
from booru.web.http.errors import TooManyRequests
from booru.web.http.requests import current_user
from jobs.engine.context import client_ip, session_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.db.models import Model
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from booru.models import User

    Action = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Limit:
    """A bucket that holds `burst` actions and gains `rate` of them a second."""

    bucket: str
    rate: float
    burst: float


def has_old(model: type[Model], hours: int, **owner: User) -> bool:
    before = timezone.now() - timedelta(hours=hours)
    return model._default_manager.filter(created_at__lt=before, **owner).exists()


def write_limit(user: User | None) -> Limit:
    """For any write without a limit of its own."""
    return Limit("write", 4 if user and user.level >= Level.GOLD else 1, 200)


def limited(
    limit_for: Callable[[User | None], Limit], *, invalid: Limit | None = None
) -> Callable[[Action], Action]:
    """Refuse the action with TooManyRequests when its limit is reached; X-Rate-Limit tells what is left.

    With `invalid`, a form that was refused for what is in it counts in that bucket instead.
    """

    def decorate(action: Action) -> Action:
        @wraps(action)
        def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if not settings.DANBOORU_RATE_LIMITS:
                return action(request, *args, **kwargs)
            limit = limit_for(current_user(request))
            take(limit, request)
            response = action(request, *args, **kwargs)
            if invalid and getattr(response, "is_refused_form", False):
                _give_back(limit, request)
                take(invalid, request)
            return response

        return checked

    return decorate


def limit_key(limit: Limit, key: str) -> None:
    """Count an attempt in this one bucket. Raises TooManyRequests."""
    if not settings.DANBOORU_RATE_LIMITS:
        return
    verdict = RateLimit.objects.take(limit.bucket, [key], rate=limit.rate, burst=limit.burst)
    if verdict.is_limited:
        raise TooManyRequests(verdict.seconds)


def is_limited(limit: Limit, key: str) -> bool:
    """As `limit_key`, but says whether it is one too many."""
    try:
        limit_key(limit, key)
    except TooManyRequests:
        return True
    return False


def take(limit: Limit, request: HttpRequest, keys: Iterable[str] | None = None) -> None:
    """Count an attempt in the buckets of the request, or in those of `keys`. Raises TooManyRequests."""
    keys = keys_of(request) if keys is None else keys
    verdict = RateLimit.objects.take(limit.bucket, keys, rate=limit.rate, burst=limit.burst)
    report = {**asdict(limit), "points": round(verdict.points, 3), "limited": verdict.is_limited}
    request.rate_limit = json.dumps(report)  # type: ignore[attr-defined]
    if verdict.is_limited:
        raise TooManyRequests(verdict.seconds)


def _give_back(limit: Limit, request: HttpRequest) -> None:
    keys = keys_of(request)
    RateLimit.objects.take(limit.bucket, keys, rate=limit.rate, burst=limit.burst, cost=-1)


def keys_of(request: HttpRequest) -> list[str]:
    """Whose buckets a request takes from: the user's, the network's and the session's.

    All visitors whose address is unknown share one; users have one of their own at least.
    """
    keys = user_and_network_keys(request)
    if request.session.session_key:
        keys.append(f"session/{session_digest(request.session.session_key)}")
    return keys


def user_and_network_keys(request: HttpRequest) -> list[str]:
    user, address = current_user(request), client_ip(request)
    keys = [f"users/{user.pk}"] if user else []
    if address:
        keys.append(f"ip/{_network(address)}")
    elif not user:
        keys.append("ip/unknown")
    return keys


def _network(address: str) -> str:
    """Local addresses are used whole."""
    return str(network_of(address)) if is_public(address) else address
