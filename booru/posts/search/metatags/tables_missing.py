"""Metatags about records that this site does not keep: they match nothing.

Comments, notes, artist commentary, flags, appeals, disapprovals, approvals, replacements and reactions have
no table here, and files have no metadata.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.posts.search.metatags.registry import metatag
from booru.search.conditions import NOTHING

if TYPE_CHECKING:
    from django.db.models import Q

    from booru.posts.search.searcher import Searcher
    from booru.search.language.tree import Metatag

_PEOPLE = (
    *("commenter", "comm", "noter", "noteupdater", "artcomm", "commentaryupdater", "flagger", "appealer"),
    *("reacted", "disapproved"),
)
_TEXTS = ("note", "comment", "commentary")
_FILES = ("embedded", "pixelhash", "pixiv_id", "pixiv", "exif", "duration", "ai")
_COUNTS = (
    *("comment_count", "deleted_comment_count", "active_comment_count"),
    *("note_count", "deleted_note_count", "active_note_count"),
    *("flag_count", "appeal_count", "approval_count", "replacement_count", "disapproval_count"),
)


@metatag(*_PEOPLE, *_TEXTS, *_FILES, *_COUNTS)
def missing(term: Metatag, searcher: Searcher) -> Q:  # noqa: ARG001
    return NOTHING
