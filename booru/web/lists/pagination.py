"""Pages of a list: `page=3`, `page=a<id>` and `page=b<id>`, `limit=` (behaviour 0.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from booru.models import Level
from booru.web.http.errors import BadRequest, PageLimitReached
from booru.web.http.requests import current_user

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet
    from django.http import HttpRequest

DEFAULT_LIMIT = 20
MAX_LIMIT = 1000
_MAX_PAGE = 1000
_MAX_PAGE_GOLD = 5000

ModelT = TypeVar("ModelT", bound="Model")


@dataclass(frozen=True)
class Page(Generic[ModelT]):
    """The records of one page and the addresses of its neighbours; "" where there is none.

    `number` is None for a page that was asked for by id.
    """

    items: list[ModelT]
    number: int | None
    previous_url: str
    next_url: str


def paginate(request: HttpRequest, records: QuerySet[ModelT], *, limit: int = DEFAULT_LIMIT) -> Page[ModelT]:
    """The page that the request asks for. Counts nothing: one record more tells that there is a next page.

    Raises BadRequest for a page that is none, PageLimitReached beyond the highest page.
    """
    text = request.GET.get("page", "") or "1"
    limit = _limit(request, limit)
    if match := re.fullmatch(r"([ab])([0-9]{1,18})", text):
        return _page_by_id(request, records, match[1], int(match[2]), limit)
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise BadRequest("Invalid page number.")
    number = max(int(text), 1)
    highest = highest_page(request)
    if number > highest:
        raise PageLimitReached(f"You cannot go beyond page {highest}.")
    start = (number - 1) * limit
    found = list(records[start : start + limit + 1])
    return Page(
        items=found[:limit],
        number=number,
        previous_url=_url(request, str(number - 1)) if number > 1 else "",
        next_url=_url(request, str(number + 1)) if len(found) > limit and number < highest else "",
    )


def last_row(request: HttpRequest, limit: int = DEFAULT_LIMIT) -> int:
    """How far into the list the page reaches, as far as its number tells."""
    limit = _limit(request, limit)
    text = request.GET.get("page", "")
    number = int(text) if re.fullmatch("[0-9]{1,18}", text) else 1
    return min(max(number, 1), highest_page(request)) * limit + 1


def highest_page(request: HttpRequest) -> int:
    user = current_user(request)
    return _MAX_PAGE_GOLD if user and user.level >= Level.GOLD else _MAX_PAGE


def _page_by_id(
    request: HttpRequest, records: QuerySet[ModelT], side: str, record_id: int, limit: int
) -> Page[ModelT]:
    if side == "b":
        found = list(records.filter(pk__lt=record_id).order_by("-pk")[: limit + 1])
        items, has_newer, has_older = found[:limit], True, len(found) > limit
    else:
        found = list(records.filter(pk__gt=record_id).order_by("pk")[: limit + 1])
        items, has_newer, has_older = found[:limit][::-1], len(found) > limit, True
    return Page(
        items=items,
        number=None,
        previous_url=_url(request, f"a{items[0].pk}") if items and has_newer else "",
        next_url=_url(request, f"b{items[-1].pk}") if items and has_older else "",
    )


def _limit(request: HttpRequest, default: int) -> int:
    text = request.GET.get("limit", "")
    if not re.fullmatch(r"[0-9]+", text):
        return default
    # Its first digits tell enough of a number that is too long to read.
    return min(max(int(text[:9]), 1), MAX_LIMIT)


def _url(request: HttpRequest, page: str) -> str:
    query = request.GET.copy()
    query["page"] = page
    return f"{request.path}?{query.urlencode()}"
