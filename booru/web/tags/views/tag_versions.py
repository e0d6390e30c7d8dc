"""The history of tags: their categories, and when they were deprecated (behaviour C.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from booru.models import TagVersion
from booru.web.http.requests import wants_json
from booru.web.http.responses import json_list
from booru.web.lists.pagination import paginate
from booru.web.lists.search import search_params, without_blank_fields
from booru.web.tags.records import tag_version_record
from booru.web.tags.searches import TAG_VERSION_SEARCH

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@without_blank_fields
def index(request: HttpRequest) -> HttpResponse:
    params = search_params(request)
    versions = TagVersion.objects.select_related("tag", "updater", "bulk_update_request")
    page = paginate(request, TAG_VERSION_SEARCH.find(versions, params))
    if wants_json(request):
        return json_list([tag_version_record(version) for version in page.items])
    return render(request, "tag_versions/index.html", {"page": page, "search": params})
