"""Wiki pages, pools, artists and saved searches as programs get them (behaviour N)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from booru.models import Artist, Pool, WikiPage
from booru.web.lists.records import RECORD, columns

if TYPE_CHECKING:
    from booru.models import SavedSearch
    from booru.models.versions.record_version import RecordVersion


def wiki_page_record(page: WikiPage) -> dict[str, Any]:
    return columns(page, (*RECORD, *WikiPage.versioned))


def pool_record(pool: Pool) -> dict[str, Any]:
    return {**columns(pool, (*RECORD, *Pool.versioned)), "post_count": len(pool.post_ids)}


def artist_record(artist: Artist) -> dict[str, Any]:
    return columns(artist, (*RECORD, *Artist.versioned))


def saved_search_record(search: SavedSearch) -> dict[str, Any]:
    return columns(search, (*RECORD, "user_id", "query", "labels"))


def version_record(version: RecordVersion, record_name: str, fields: tuple[str, ...]) -> dict[str, Any]:
    """A version of a record that `record_name` names, as in `wiki_page_id`."""
    own = ("version", f"{record_name}_id", "updater_id", "bulk_update_request_id")
    return columns(version, (*RECORD, *own, *fields))
