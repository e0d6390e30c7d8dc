"""Gives each request an id and makes it the current context."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from functools import partial

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from jobs.engine.context import RequestContext, use_context

_SAFE_ID = re.compile(r"[A-Za-z0-9_-]{1,255}")


class RequestContextMiddleware:
    """Put it first in MIDDLEWARE: everything after it can be traced to the request.

    Takes an incoming X-Request-Id of letters, digits, "-" and "_" (at most 255), otherwise makes one; sets
    `request.request_id` and answers with the header.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = request_id_of(request)
        request.request_id = request_id  # type: ignore[attr-defined]
        with use_context(partial(RequestContext.from_request, request)):
            response = self.get_response(request)
        response["X-Request-Id"] = request_id
        return response


def request_id_of(request: HttpRequest) -> str:
    """The caller's id when it is safe to repeat, otherwise a new one."""
    given = request.headers.get("X-Request-Id", "")
    return given if _SAFE_ID.fullmatch(given) else str(uuid.uuid4())
