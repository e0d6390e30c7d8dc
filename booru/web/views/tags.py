"""The list of tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from booru.models import Tag
from booru.models.tag import TagCategory
from booru.web.pagination import paginate
from booru.web.search import search_params, without_blank_fields
from booru.web.tag_search import TAG_SEARCH

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_ORDERS = ("count", "name", "date")


@without_blank_fields
def index(request: HttpRequest) -> HttpResponse:
    params = {"order": "count"} | search_params(request)
    page = paginate(request, TAG_SEARCH.find(Tag.objects.all(), params))
    context = {"page": page, "search": params, "categories": TagCategory.choices, "orders": _ORDERS}
    return render(request, "tags/index.html", context)
