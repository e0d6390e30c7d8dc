"""Gives each request an id and makes it the current context."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from jobs.engine.context import RequestContext, RequestIds, use_context
from jobs.engine.requests.request_ids import identify


class RequestContextMiddleware:
    """Put it first in MIDDLEWARE: everything after it can be traced to the request.

    Sets `request.request_id` and `request.client_request_id`, and answers with X-Request-Id.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id, client_id = identify(request)
        request.request_id = request_id  # type: ignore[attr-defined]
        request.client_request_id = client_id  # type: ignore[attr-defined]
        ids = RequestIds(request_id, client_id)
        with use_context(partial(RequestContext.from_request, request), ids):
            response = self.get_response(request)
        response["X-Request-Id"] = request_id
        return response
