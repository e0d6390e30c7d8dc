"""Ends requests that ask too much of the database or take too long, by the level of who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import FileResponse, StreamingHttpResponse

from booru.models import Level
from booru.visitors.time_limits import TimeLimit, time_limited
from booru.web.http.requests import current_user
from booru.web.limits.level_settings import setting_for_level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    GetResponse = Callable[[HttpRequest], HttpResponseBase]


class TimeLimitMiddleware:
    """Put it before everything that asks the database."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        statement_timeout(Level.ANONYMOUS)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        limit = TimeLimit(statement_timeout(Level.ANONYMOUS), settings.DANBOORU_REQUEST_TIMEOUT or None)
        request.time_limit = limit  # type: ignore[attr-defined]
        with time_limited(limit):
            response = self.get_response(request)
        if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
            response.streaming_content = _limited(iter(response), limit)
        return response


def _limited(content: Iterable[bytes], limit: TimeLimit) -> Iterator[bytes]:
    with time_limited(limit):
        yield from content


class UserTimeLimitMiddleware:
    """Put it where it is known who asks."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if user := current_user(request):
            request.time_limit.statement = statement_timeout(user.level)  # type: ignore[attr-defined]
        return self.get_response(request)


def statement_timeout(level: int) -> float | None:
    """Seconds that a statement may take when somebody of this level asks; None is no limit."""
    return setting_for_level("DANBOORU_STATEMENT_TIMEOUTS", level) or None
