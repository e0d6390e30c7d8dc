"""How often requests are written, and how many lines are checked (behaviour A.11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from booru.models import BulkUpdateRequest, Level, RateLimit
from booru.web.http.errors import TooManyRequests
from booru.web.limits.rate_limits import Limit, has_old, keys_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from booru.models import User


def bulk_update_request_limit(user: User | None) -> Limit:
    bucket = "bulk_update_requests:write"
    if user and user.level >= Level.ADMIN:
        return Limit(bucket, 1, 50)
    is_known = user and (user.level >= Level.BUILDER or has_old(BulkUpdateRequest, 4, user=user))
    return Limit(bucket, 1 / 60, 20 if is_known else 5)


# In place of the other limit when what was sent cannot be saved.
INVALID_BULK_UPDATE_REQUEST_LIMIT = Limit("bulk_update_requests:write:invalid", 1, 1)


def preview_limit(_user: User | None) -> Limit:
    """They ask the database much."""
    return Limit("bulk_update_requests:preview", 1 / 3, 30)


# Lines of scripts that are checked, whatever for and however many a request has. A dry run asks more.
SCRIPT_LINES_LIMIT = Limit("bulk_update_requests:lines", 10, 1000)
_DRY_RUN_COST = 3


def limit_script(request: HttpRequest, script: str, *, is_dry_run: bool = False) -> None:
    """Count the lines of a script that is about to be checked. Raises TooManyRequests.

    Not for what is done with it, but for the work: so one that is refused counts like any other.
    """
    if not settings.DANBOORU_RATE_LIMITS:
        return
    lines = sum(1 for line in script.splitlines() if line.strip())
    limit, cost = SCRIPT_LINES_LIMIT, max(lines, 1) * (_DRY_RUN_COST if is_dry_run else 1)
    verdict = RateLimit.objects.take(
        limit.bucket, keys_of(request), rate=limit.rate, burst=limit.burst, cost=min(cost, limit.burst)
    )
    if verdict.is_limited:
        raise TooManyRequests(verdict.seconds)
