"""Reads `search[...]` parameters (behaviour 0.4)."""

from __future__ import annotations

import re
from functools import wraps
from typing import TYPE_CHECKING

from django.http import HttpResponseRedirect

from booru.search_conditions import NOTHING, number, presence, text_matches, truth, user_name

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from booru.web.actions import Action

__all__ = ["NOTHING", "number", "presence", "search_params", "text_matches", "truth", "user_name"]

_SEARCH_KEY = re.compile(r"search\[([a-z_]{1,50})\]")


def without_blank_fields(action: Action) -> Action:
    """Sends a search form whose fields were left blank on to the address without them."""

    @wraps(action)
    def clean(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        query = request.GET.copy()
        for key in request.GET:
            if _SEARCH_KEY.fullmatch(key) and not any(value.strip() for value in request.GET.getlist(key)):
                del query[key]
        if len(query) < len(request.GET):
            return HttpResponseRedirect(f"{request.path}?{query.urlencode()}" if query else request.path)
        return action(request, *args, **kwargs)

    return clean


def search_params(request: HttpRequest) -> dict[str, str]:
    """What is in `search[...]`, without what was left blank."""
    found = ((_SEARCH_KEY.fullmatch(key), value) for key, value in request.GET.items())
    return {match[1]: str(value) for match, value in found if match and str(value).strip()}
