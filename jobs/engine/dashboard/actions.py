"""One address, one function for each HTTP method: what a request does has one name, and one place."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase

Action = Callable[..., HttpResponseBase]


def actions(**by_method: Action) -> Action:
    """A view that calls the function given for the method: `actions(GET=show, PUT=update)`.

    HEAD counts as GET and PATCH as PUT. A POST may name its method in the field `_method`, because forms in a
    browser know no PUT and no DELETE.
    """

    def dispatch(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        action = by_method.get(_method(request))
        if action is None:
            return HttpResponseNotAllowed(sorted(by_method))
        return action(request, *args, **kwargs)

    dispatch.by_method = by_method  # type: ignore[attr-defined]
    return dispatch


def action_for(request: HttpRequest, view: Action) -> Action | None:
    """The function with which this view answers the request, None when it refuses the method."""
    by_method: dict[str, Action] | None = getattr(view, "by_method", None)
    return by_method.get(_method(request)) if by_method is not None else view


def actions_of(view: Action) -> list[Action]:
    """Every function of a view."""
    by_method: dict[str, Action] | None = getattr(view, "by_method", None)
    return list(by_method.values()) if by_method is not None else [view]


def _method(request: HttpRequest) -> str:
    method = request.method or ""
    if method == "POST":
        method = request.POST.get("_method", method).upper()
    return {"HEAD": "GET", "PATCH": "PUT"}.get(method, method)
