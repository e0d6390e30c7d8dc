"""Limits what dear requests cost: searches without an index, regular expressions, lists of long texts.

Nobody has to know which these are. Each request is measured: the time that its statements took and, for what
only reads, the processor's time for making the page. What goes beyond the first 0.3 seconds is taken,
afterwards, from the buckets of the user and of the network; cheap requests ask for no bucket and pay nothing.

Whoever owes is told so, with 429 and Retry-After, where the debt comes from. Other pages stay open as long as
they are cheap, so that a neighbour in the same network can still log in; a statement that turns out dear
there is ended after 0.3 seconds, and its page is closed like the others.

There is no limit of dear requests that run at once: a statement does not tell its price before it ends. What
many cause at once is bounded by their time limits, and all of it is owed afterwards, so that the next wait is
as long as the blow was heavy. Each web process learns of a debt when it charges the debtor itself.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.conf import settings

from booru.models import Level, RateLimit
from booru.web.http.error_pages import too_dear_response
from booru.web.http.requests import current_user
from booru.web.limits.debts import Debts
from booru.web.limits.level_settings import setting_for_level
from booru.web.limits.rate_limits import Limit, user_and_network_keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from booru.models import User

    GetResponse = Callable[[HttpRequest], HttpResponse]

BUCKET = "requests:cost"
# Seconds that no request pays for.
FREE = 0.3
_REFILLED_IN = 100
_READS = {"GET", "HEAD", "OPTIONS"}

debts = Debts()


class CostLimitMiddleware:
    """Put it before TimeLimitMiddleware: what was used is charged when time is up, too."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        setting_for_level("DANBOORU_COST_LIMITS", Level.ANONYMOUS)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.thread_time()
        response = self.get_response(request)
        cost = _seconds_used(request, started) - FREE
        if cost > 0 and settings.DANBOORU_RATE_LIMITS:
            _charge(request, cost)
        return response

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Refuse what led to a debt; let anything else try to be cheap."""
        if not debts or not settings.DANBOORU_RATE_LIMITS:
            return None
        debt = debts.of(user_and_network_keys(request), _route(request))
        limit = cost_limit(current_user(request))
        if debt is None or not limit.burst:
            return None
        request.seconds_of_debt = debt.seconds  # type: ignore[attr-defined]
        request.rate_limit = _report(limit, -debt.seconds * limit.rate)  # type: ignore[attr-defined]
        if debt.is_from_here:
            return too_dear_response(request)
        time_limit = request.time_limit  # type: ignore[attr-defined]
        time_limit.statement = min(time_limit.statement or FREE, FREE)
        return None


def cost_limit(user: User | None) -> Limit:
    """Points are seconds."""
    burst = setting_for_level("DANBOORU_COST_LIMITS", user.level if user else Level.ANONYMOUS)
    return Limit(BUCKET, burst / _REFILLED_IN, burst)


def _seconds_used(request: HttpRequest, started: float) -> float:
    limit = getattr(request, "time_limit", None)
    spent: float = limit.spent if limit else 0
    # What writes is limited by what it is; a password that is checked takes the processor on purpose.
    return spent + (time.thread_time() - started if request.method in _READS else 0)


def _charge(request: HttpRequest, cost: float) -> None:
    limit = cost_limit(current_user(request))
    if not limit.burst:
        return
    keys = user_and_network_keys(request)
    left = RateLimit.objects.charge(limit.bucket, keys, rate=limit.rate, burst=limit.burst, cost=cost)
    for key, points in left.items():
        debts.note(key, _route(request), max(-points, 0) / limit.rate)


def _route(request: HttpRequest) -> str:
    return request.resolver_match.route if request.resolver_match else ""


def _report(limit: Limit, points: float) -> str:
    return json.dumps({**asdict(limit), "points": round(points, 3), "limited": True})
