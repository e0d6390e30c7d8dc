"""Lists in pages, without counting them (behaviour 0.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from django.db.models import Model, QuerySet

if TYPE_CHECKING:
    from django.http import HttpRequest

LIMIT, MAX_LIMIT, MAX_PAGE = 20, 1000, 1000

M = TypeVar("M", bound=Model)


class PageLimitReached(Exception):
    """You cannot go beyond this page."""


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """The rows of one page; the addresses of its neighbours, "" where there is none."""

    rows: list[M]
    number: int
    previous_url: str
    next_url: str


def paginate(request: HttpRequest, rows: QuerySet[M], *, most: int = MAX_LIMIT) -> Page[M]:
    """The page that `page` and `limit` ask for, `most` rows at most.

    Raises ValueError for nonsense, PageLimitReached beyond.
    """
    number, limit = _number(request, "page", 1), _number(request, "limit", LIMIT)
    if number > MAX_PAGE:
        raise PageLimitReached(f"You cannot go beyond page {MAX_PAGE}.")
    number, limit = max(number, 1), min(max(limit, 1), most)
    start = (number - 1) * limit
    found = list(rows[start : start + limit + 1])
    return Page(
        rows=found[:limit],
        number=number,
        previous_url=_url(request, number - 1) if number > 1 else "",
        next_url=_url(request, number + 1) if len(found) > limit and number < MAX_PAGE else "",
    )


def _number(request: HttpRequest, name: str, default: int) -> int:
    text = request.GET.get(name, "")
    if not text:
        return default
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise ValueError(f"Invalid {name}.")
    return int(text)


def _url(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return f"{request.path}?{query.urlencode()}"
