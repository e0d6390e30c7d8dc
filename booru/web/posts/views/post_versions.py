"""The history of posts (behaviour D.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from booru.models import PostVersion
from booru.web.http.requests import wants_json
from booru.web.http.responses import json_list
from booru.web.lists.pagination import paginate
from booru.web.lists.search import search_params, without_blank_fields
from booru.web.posts.post_changes import with_changes
from booru.web.posts.records import post_version_record
from booru.web.posts.searches import POST_VERSION_SEARCH

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@without_blank_fields
def index(request: HttpRequest) -> HttpResponse:
    params = search_params(request)
    versions = POST_VERSION_SEARCH.find(PostVersion.objects.all(), params)
    if wants_json(request):
        return json_list([post_version_record(version) for version in paginate(request, versions).items])
    # A thousand times the same updater, and the tags of the posts, are much to send.
    page = paginate(request, versions.defer("tags").prefetch_related("updater"))
    context = {"page": page, "search": params, "edits": with_changes(page.items)}
    return render(request, "post_versions/index.html", context)
