"""Gives artists, wiki pages and pools back what a request changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from booru.models import ArtistVersion, Credit, PoolVersion, WikiPageVersion
from booru.services.revert.record_history import changed_records

if TYPE_CHECKING:
    from collections.abc import Sequence

    from booru.models import BulkUpdateRequestRevert
    from booru.models.record_version import RecordVersion

_ARTIST = ("name", "group_name", "other_names", "urls", "is_deleted", "is_banned")
_WIKI_PAGE = ("title", "body", "other_names", "is_locked", "is_deleted")
_POOL = ("name", "description", "category", "post_ids", "is_deleted")


def undo_artists(revert: BulkUpdateRequestRevert) -> None:
    _undo(revert, ArtistVersion, "artist", _ARTIST)


def undo_wiki_pages(revert: BulkUpdateRequestRevert) -> None:
    _undo(revert, WikiPageVersion, "wiki_page", _WIKI_PAGE)


def undo_pools(revert: BulkUpdateRequestRevert) -> None:
    _undo(revert, PoolVersion, "pool", _POOL)


def _undo(
    revert: BulkUpdateRequestRevert, versions: type[RecordVersion], kind: str, fields: Sequence[str]
) -> None:
    """Records that nobody has changed since become what they were; those that it made are deleted."""
    credit = Credit(revert.reverter, revert.bulk_update_request)
    for changed in changed_records(revert.bulk_update_request, versions, kind):
        what = f"the {kind.replace('_', ' ')} {changed.record}"
        if changed.is_changed_since:
            revert.note(f"{what} stays as it is: {changed.who} has changed it since")
            continue
        before = changed.before
        values = {name: getattr(before, name) for name in fields} if before else {"is_deleted": True}
        values = {name: value for name, value in values.items() if getattr(changed.record, name) != value}
        try:
            if values:
                changed.record.update(credit, **values)
        except ValidationError as error:
            revert.note(f"{what} stays as it is: {'; '.join(error.messages)}")
