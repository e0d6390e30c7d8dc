"""The history of wiki pages, pools and artists: what each edit changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render

from booru.models import Artist, ArtistVersion, Pool, PoolVersion, WikiPage, WikiPageVersion
from booru.web.http.requests import wants_json
from booru.web.http.responses import json_list
from booru.web.lists.pagination import paginate
from booru.web.lists.search import Search, search_params, without_blank_fields
from booru.web.lists.version_changes import with_changes
from booru.web.pages.records import version_record
from booru.web.pages.searches import ARTIST_VERSIONS, POOL_VERSIONS, WIKI_PAGE_VERSIONS

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from booru.models.versions.record_version import RecordVersion
    from booru.models.versions.versioned import VersionedModel


@without_blank_fields
def wiki_pages(request: HttpRequest) -> HttpResponse:
    return _index(request, "wiki_page", WikiPage, WikiPageVersion, WIKI_PAGE_VERSIONS)


@without_blank_fields
def pools(request: HttpRequest) -> HttpResponse:
    return _index(request, "pool", Pool, PoolVersion, POOL_VERSIONS)


@without_blank_fields
def artists(request: HttpRequest) -> HttpResponse:
    return _index(request, "artist", Artist, ArtistVersion, ARTIST_VERSIONS)


def _index(
    request: HttpRequest,
    record_name: str,
    record_class: type[VersionedModel],
    version_class: type[RecordVersion],
    search: Search[Any],
) -> HttpResponse:
    params = search_params(request)
    versions = version_class._default_manager.select_related(record_name, "updater", "bulk_update_request")
    page = paginate(request, search.find(versions, params))
    if wants_json(request):
        fields = record_class.versioned
        return json_list([version_record(version, record_name, fields) for version in page.items])
    context = {
        "page": page,
        "search": params,
        "edits": with_changes(page.items, record_name, record_class.versioned),
        "subnav": f"{record_name}s/subnav.html",
        "what": record_name.replace("_", " ").capitalize(),
    }
    return render(request, "record_versions/index.html", context)
