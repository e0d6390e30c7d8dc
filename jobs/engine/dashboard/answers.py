"""What the pages of the dashboard have in common: who may see them, pages and JSON, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import get_resolver, reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.defaults import permission_denied

from jobs.engine.dashboard.log_in import log_in_url
from jobs.engine.errors import JobActionError
from jobs.engine.policy import policy_for

# What else than the address decides what a page says.
_VARIES = ("Accept", "Cookie")

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def for_visitors(view: View[P]) -> View[P]:
    """A page for whoever may see the list; the others get 403."""
    return _only("can_index", view)


def for_managers(view: View[P]) -> View[P]:
    """A page or an action for whoever may manage jobs; the others get 403."""
    return _only("can_manage", view)


def _only(right: str, view: View[P]) -> View[P]:
    @wraps(view)
    def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        may = getattr(policy_for(request), right)
        response = view(request, *args, **kwargs) if may else _denied(request)
        patch_vary_headers(response, _VARIES)
        return response

    return checked


def _denied(request: HttpRequest) -> HttpResponse:
    """The project's own answer, where it has one; otherwise ours, with the way to log in."""
    handler: object = get_resolver().resolve_error_handler(HTTPStatus.FORBIDDEN)
    if handler is not permission_denied:
        raise PermissionDenied
    if wants_json(request):
        return problem(request, HTTPStatus.FORBIDDEN, PermissionDenied("Access denied"))
    return page(request, "jobs/denied.html", {}, status=HTTPStatus.FORBIDDEN)


def page(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = HTTPStatus.OK
) -> HttpResponse:
    """A page of the dashboard, inside the site's own layout."""
    base = getattr(settings, "JOBS_BASE_TEMPLATE", "jobs/base.html")
    context |= {"policy": policy_for(request), "base_template": base, "log_in_url": log_in_url(request)}
    return render(request, template, context, status=status)


def problem(request: HttpRequest, status: HTTPStatus, error: Exception) -> HttpResponse:
    """What is wrong with the request."""
    if wants_json(request):
        body = {"success": False, "error": type(error).__name__, "message": str(error), "backtrace": []}
        return JsonResponse(body, status=status)
    return page(request, "jobs/problem.html", {"problem": str(error)}, status=status)


def act(request: HttpRequest, action: Callable[[], str], back: str) -> HttpResponse:
    """Do it, say so in the words that the action returns, and go back; 204 for programs.

    A JobActionError is a notice, for programs a 422.
    """
    try:
        done = action()
    except JobActionError as error:
        if wants_json(request):
            return problem(request, HTTPStatus.UNPROCESSABLE_ENTITY, error)
        messages.error(request, f"{error}.")
    else:
        if wants_json(request):
            return HttpResponse(status=HTTPStatus.NO_CONTENT)
        messages.info(request, f"{done}.")
    return HttpResponseRedirect(back)


def way_back(request: HttpRequest, name: str = "jobs:jobs") -> str:
    """The address that the form names, if it is one of this site; otherwise the page of that name."""
    to = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(to, allowed_hosts=None, require_https=request.is_secure()):
        return to
    return reverse(name)


def wants_json(request: HttpRequest) -> bool:
    """Does a program ask?"""
    return request.path.endswith(".json") or request.headers.get("Accept") == "application/json"
