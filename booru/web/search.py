"""Reads `search[...]` parameters (behaviour 0.4)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from booru.search_conditions import NOTHING, number, presence, text_matches, truth, user_name

if TYPE_CHECKING:
    from django.http import HttpRequest

__all__ = ["NOTHING", "number", "presence", "search_params", "text_matches", "truth", "user_name"]

_SEARCH_KEY = re.compile(r"search\[([a-z_]{1,50})\]")


def search_params(request: HttpRequest) -> dict[str, str]:
    """What is in `search[...]`, without what was left blank."""
    found = ((_SEARCH_KEY.fullmatch(key), value) for key, value in request.GET.items())
    return {match[1]: str(value) for match, value in found if match and str(value).strip()}
