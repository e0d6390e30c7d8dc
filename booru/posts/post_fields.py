"""The rating, source and parent of a post, as a form or metatags set them (behaviour D.1, D.2)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from booru.models import Post

if TYPE_CHECKING:
    from collections.abc import Iterable

    from booru.posts.post_rows import PostRow
    from booru.posts.tag_edits.tag_edit_terms import Metatag

MAX_SOURCE = 1200
_WEB = re.compile(r"https?://", re.IGNORECASE)
_POST_ID = re.compile(r"[0-9]{1,18}")
# The parent of somebody who names one that cannot be: there is no such post.
_NO_POST = -1


@dataclass(frozen=True, slots=True)
class FieldEdit:
    """New values as they were typed; None leaves a field alone."""

    rating: str | None = None
    source: str | None = None
    parent: str | None = None

    @classmethod
    def between(cls, old: FieldEdit, new: FieldEdit) -> FieldEdit:
        """What somebody changed who saw the old values."""
        return cls(
            rating=None if new.rating == old.rating else new.rating,
            source=None if new.source == old.source else new.source,
            parent=None if new.parent == old.parent else new.parent,
        )

    def apply(self, row: PostRow) -> PostRow:
        """The post with these values, right or wrong."""
        if self.rating is not None:
            row = row._replace(rating=self.rating.strip().lower())
        if self.source is not None:
            row = row._replace(source=normalize_source(self.source))
        if self.parent is not None:
            text = self.parent.strip()
            row = row._replace(parent_id=post_id_of(text) or _NO_POST if text else None)
        return row


def normalize_source(source: str) -> str:
    """An address stays as it is; other text loses the space around it."""
    return source if _WEB.match(source) else unicodedata.normalize("NFC", source).strip()


def post_id_of(text: str) -> int | None:
    """The id that the text is, if it can be one."""
    return int(text) if _POST_ID.fullmatch(text) else None


def apply_metatags(row: PostRow, metatags: Iterable[Metatag]) -> PostRow:
    """The post as the metatags want it; those that mean nothing are left out."""
    for metatag in metatags:
        row = _apply(row, metatag)
    return row


def is_meaningless(metatag: Metatag) -> bool:
    """Is there nothing that such a value could do?"""
    match metatag.name:
        case "rating":
            return metatag.value[:1] not in Post.Rating.values
        case "parent":
            return metatag.value != "none" and post_id_of(metatag.value) is None
        case "-parent":
            return post_id_of(metatag.value) is None
    return False


def _apply(row: PostRow, metatag: Metatag) -> PostRow:
    name, value = metatag
    if is_meaningless(metatag):
        return row
    if name == "rating":
        return row._replace(rating=value[0])
    if name == "source":
        return row._replace(source="" if value.lower() == "none" else normalize_source(value))
    if name == "parent":
        return row._replace(parent_id=None if value == "none" else post_id_of(value) or None)
    return row._replace(parent_id=None) if row.parent_id == post_id_of(value) else row


def field_errors(before: PostRow, after: PostRow) -> dict[str, list[str]]:
    """What is wrong with values that an edit changed."""
    errors = {}
    if after.rating != before.rating and after.rating not in Post.Rating.values:
        errors["rating"] = ["must be G, S, Q, or E" if after.rating else "not selected"]
    if after.source != before.source and len(after.source) > MAX_SOURCE:
        errors["source"] = [f"is too long (maximum is {MAX_SOURCE} characters)"]
    return errors
