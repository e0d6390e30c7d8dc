"""Search of wiki pages, pools, artists and of their versions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db.models import Q

from booru.models import Artist, ArtistVersion, Pool, PoolVersion, WikiPage, WikiPageVersion
from booru.rules.artist_urls import normalize_url
from booru.rules.other_names import normalize_other_name
from booru.rules.wiki_links import title_key
from booru.search.conditions import NOTHING
from booru.web.lists.search import Search
from booru.web.lists.search_fields import (
    array,
    belongs_to,
    booleans,
    dates,
    enumeration,
    numbers,
    strings,
    texts,
    users,
)
from booru.web.tags.searches import WIKI_PAGE_SEARCH

if TYPE_CHECKING:
    from collections.abc import Mapping

_POST_ID = re.compile(r"[0-9]{1,18}", re.ASCII)
_BY_UPDATE = {"updated_at": ("-updated_at", "-pk")}
_BY_NAME = {"name": ("name",), **_BY_UPDATE}
_BY_TITLE = {"title": ("title",), **_BY_UPDATE}


def without_deleted(params: Mapping[str, str]) -> dict[str, str]:
    """Deleted records are listed only when they are asked for: `is_deleted=true`, or `any`."""
    params = {"is_deleted": "false", **params}
    return {name: text for name, text in params.items() if (name, text) != ("is_deleted", "any")}


def _name_matches(text: str) -> Q:
    return Q(name__matches="_".join(text.split()))


def _title_matches(text: str) -> Q:
    return Q(title__matches="_".join(text.split()))


def _has_other_name(text: str) -> Q:
    return Q(other_names__contains=[normalize_other_name(text)])


def _linked_to(text: str) -> Q:
    return Q(linked_titles__contains=[title_key(text)])


def _post_ids_include_any(text: str) -> Q:
    words = text.split()
    if not words or not all(_POST_ID.fullmatch(word) for word in words):
        return NOTHING
    return Q(post_ids__overlap=[int(word) for word in words])


def _has_url(text: str) -> Q:
    url = normalize_url(text).removeprefix("-")
    return Q(urls__overlap=[url, f"-{url}"])


WIKI_PAGES = Search[WikiPage](
    WIKI_PAGE_SEARCH.conditions,
    {"title_matches": _title_matches, "has_other_name": _has_other_name, "linked_to": _linked_to},
    orders=_BY_TITLE,
)
POOLS = Search[Pool](
    numbers("id"),
    dates("created_at", "updated_at"),
    strings("name"),
    texts("description"),
    enumeration("category", Pool.Category),
    booleans("is_deleted"),
    {
        "name_matches": _name_matches,
        "linked_to": _linked_to,
        "post_ids_include_any": _post_ids_include_any,
    },
    orders=_BY_NAME,
)
ARTISTS = Search[Artist](
    numbers("id"),
    dates("created_at", "updated_at"),
    strings("name", "group_name"),
    array("other_names", "other_name"),
    array("urls", "url"),
    booleans("is_deleted", "is_banned"),
    {"name_matches": _name_matches, "has_other_name": _has_other_name, "has_url": _has_url},
    orders=_BY_NAME,
)

_VERSION_FIELDS = {
    **numbers("id", "version"),
    **dates("created_at", "updated_at"),
    **belongs_to("bulk_update_request"),
    **users("updater"),
    **booleans("is_deleted"),
}
WIKI_PAGE_VERSIONS = Search[WikiPageVersion](
    _VERSION_FIELDS, belongs_to("wiki_page"), strings("title"), {"name_matches": _title_matches}
)
POOL_VERSIONS = Search[PoolVersion](
    _VERSION_FIELDS, belongs_to("pool"), strings("name"), {"name_matches": _name_matches}
)
ARTIST_VERSIONS = Search[ArtistVersion](
    _VERSION_FIELDS, belongs_to("artist"), strings("name"), {"name_matches": _name_matches}
)
