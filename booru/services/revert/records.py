"""Gives artists, wiki pages and pools back what a request changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from booru.models import Credit
from booru.services.revert.record_history import changed_records

if TYPE_CHECKING:
    from booru.models import BulkUpdateRequestRevert
    from booru.models.versions.record_version import RecordVersion

# In DText.
_NAMED = {"artist": "the artist {}", "wiki_page": "the wiki page [[{}]]", "pool": "{}"}


def undo_records(revert: BulkUpdateRequestRevert, versions: type[RecordVersion], kind: str) -> None:
    """Records that nobody has changed since become what they were; those that it made are deleted.

    `kind` is the field that leads from a version to its record.
    """
    credit = Credit(revert.reverter, revert.bulk_update_request)
    for changed in changed_records(revert.bulk_update_request, versions, kind):
        record, before = changed.record, changed.before
        what = _NAMED[kind].format(record)
        if changed.is_changed_since:
            revert.note(f"{what} stays as it is: {changed.who} has changed it since")
            continue
        state = {name: getattr(before, name) for name in record.versioned} if before else {"is_deleted": True}
        try:
            record.update(credit, **state)
        except ValidationError as error:
            revert.note(f"{what} stays as it is: {'; '.join(error.messages)}")
