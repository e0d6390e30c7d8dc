"""The list of tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from booru.models import Tag
from booru.models.tag import TagCategory
from booru.web import search
from booru.web.pagination import paginate

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

_ORDERS = {
    "count": ("-post_count", "name"),
    "name": ("name",),
    "date": ("-pk",),
}


@search.without_blank_fields
def index(request: HttpRequest) -> HttpResponse:
    params = search.search_params(request)
    page = paginate(request, _found(params), limit=50)
    context = {"page": page, "search": params, "categories": TagCategory.choices, "orders": list(_ORDERS)}
    return render(request, "tags/index.html", context)


def _found(params: dict[str, str]) -> QuerySet[Tag]:
    tags = Tag.objects.all()
    if pattern := params.get("name_matches"):
        tags = tags.filter(name__matches="_".join(pattern.lower().split()))
    if category := params.get("category"):
        tags = tags.filter(search.number("category", category))
    return tags.order_by(*_ORDERS.get(params.get("order", ""), _ORDERS["count"]))
