"""Gives tags back the categories and deprecations that a request changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from booru.models import TagVersion
from booru.services.revert.record_history import changed_records
from booru.services.tags.tag_categories import change_category

if TYPE_CHECKING:
    from booru.models import BulkUpdateRequestRevert
    from booru.posts.editing.editor import PostEditor


def undo_tags(revert: BulkUpdateRequestRevert, editor: PostEditor) -> None:
    """A tag that the request made stays, without posts."""
    changes = list(changed_records(revert.bulk_update_request, TagVersion, "tag"))
    # Aliases last: they follow the tags that they stand for, and may have no other category.
    for changed in sorted(changes, key=lambda changed: changed.record.alias_target() is not None):
        tag, before = changed.record, changed.before
        if changed.is_changed_since:
            revert.note(f"the tag [[{tag.name}]] stays as it is: {changed.who} has changed it since")
            continue
        if before is None:
            continue
        try:
            if tag.is_deprecated != before.is_deprecated:
                tag.change(editor.credit, is_deprecated=before.is_deprecated)
            if tag.category != before.category:
                change_category(tag, before.category, editor)
        except ValidationError as error:
            revert.note(f"the tag [[{tag.name}]] stays as it is: {'; '.join(error.messages)}")
