"""Answers for requests that failed, as a page with a way back or as JSON (behaviour 0.3)."""

from __future__ import annotations

import sys
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404
from django.utils.log import log_response

from booru.visitors.time_limits import QueryTimedOut, is_timeout
from booru.web.http.errors import TooManyRequests
from booru.web.http.requests import wants_json

if TYPE_CHECKING:
    from django.http import HttpRequest

    from booru.web.http.errors import HttpError

NOT_FOUND = "That record was not found."
NO_PAGE = "There is no page at this address."
DENIED = "Access denied"
UNREADABLE = "The request ended before all of it had come."
CSRF_FAILED = "Your session has changed or expired. Go back, reload the page and try again."


def error_response(request: HttpRequest, status: HTTPStatus, message: str, error: str) -> HttpResponse:
    """The answer for an error; `error` names its class, for programs."""
    if wants_json(request):
        return _json(status, message, error)
    return render(request, "errors/error.html", {"message": message, "status": status}, status=status)


def http_error_response(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _with_headers(error_response(request, error.status, str(error), type(error).__name__), error)


def plain_error_response(request: HttpRequest, status: HTTPStatus, message: str, error: str) -> HttpResponse:
    """As `error_response`, but without database and session: those may be what is broken."""
    if wants_json(request):
        return _json(status, message, error)
    return HttpResponse(render_to_string("errors/plain.html", {"message": message}), status=status)


def timeout_response(request: HttpRequest) -> HttpResponse:
    """For a request that asked too much of the database. One line in the log: whoever likes can cause it."""
    if hasattr(request, "seconds_of_debt"):
        return too_dear_response(request)
    status = HTTPStatus.SERVICE_UNAVAILABLE
    response = plain_error_response(request, status, str(QueryTimedOut()), "ActiveRecord::QueryCanceled")
    log_response(
        "The database timed out: %s", request.path, response=response, request=request, level="warning"
    )
    return response


def too_dear_response(request: HttpRequest) -> HttpResponse:
    """For who has asked too much lately; the request says for how long (booru.web.limits.cost_limits)."""
    error = TooManyRequests(request.seconds_of_debt)  # type: ignore[attr-defined]
    return _with_headers(plain_error_response(request, error.status, str(error), type(error).__name__), error)


def _with_headers(response: HttpResponse, error: HttpError) -> HttpResponse:
    for name, value in error.headers.items():
        response.headers[name] = value
    return response


def _json(status: HTTPStatus, message: str, error: str) -> JsonResponse:
    return JsonResponse(
        {"success": False, "error": error, "message": message, "backtrace": []}, status=status
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_response(request, HTTPStatus.BAD_REQUEST, "Bad request", type(exception).__name__)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_response(request, HTTPStatus.FORBIDDEN, DENIED, type(exception).__name__)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, Resolver404):
        return error_response(request, HTTPStatus.NOT_FOUND, NO_PAGE, "ActionController::RoutingError")
    return error_response(request, HTTPStatus.NOT_FOUND, NOT_FOUND, type(exception).__name__)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 -- Django passes it
    return error_response(request, HTTPStatus.FORBIDDEN, CSRF_FAILED, "InvalidAuthenticityToken")


def server_error(request: HttpRequest) -> HttpResponse:
    """Names the class of the error and no more."""
    exception = sys.exc_info()[1]
    if is_timeout(exception):
        # In a middleware; what views raise is seen by booru.web.middleware.ErrorMiddleware.
        return timeout_response(request)
    name = type(exception).__name__ if exception else "Exception"
    return plain_error_response(request, HTTPStatus.INTERNAL_SERVER_ERROR, f"Unexpected error: {name}.", name)
