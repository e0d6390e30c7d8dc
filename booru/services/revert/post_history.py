"""What a post would be without the edits that a request made to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import connection

from booru.models.array_literals import int_array

if TYPE_CHECKING:
    from collections.abc import Iterable

    from booru.posts.post_rows import PostRow

# The newest first. A post's first version tells nothing about what its rating was before.
_VERSIONS = """
    SELECT
        edit.post_id, edit.added_tags, edit.removed_tags,
        coalesce(before.rating, edit.rating), edit.rating,
        coalesce(before.source, edit.source), edit.source,
        CASE WHEN before.id IS NULL THEN edit.parent_id_was ELSE before.parent_id_was END, edit.parent_id_was
    FROM post_versions AS edit
    LEFT JOIN post_versions AS before
        ON before.post_id = edit.post_id AND before.version = edit.version - 1
    WHERE edit.post_id = ANY(%s::bigint[]) AND edit.bulk_update_request_id = %s
    ORDER BY edit.post_id, edit.version DESC
"""


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit that the request made to a post; each pair is what was before, and after."""

    added: frozenset[str]
    removed: frozenset[str]
    ratings: tuple[str, str]
    sources: tuple[str, str]
    parents: tuple[int | None, int | None]


def edits_of(request_id: int, post_ids: Iterable[int]) -> dict[int, list[Edit]]:
    """The edits that the request made to these posts, the newest first."""
    edits: dict[int, list[Edit]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_VERSIONS, [int_array(post_ids), request_id])
        for post_id, added, removed, *pairs in cursor.fetchall():
            edit = Edit(
                frozenset(added), frozenset(removed), tuple(pairs[:2]), tuple(pairs[2:4]), tuple(pairs[4:])
            )
            edits.setdefault(post_id, []).append(edit)
    return edits


@dataclass(slots=True)
class PostBefore:
    """A post as it would be; begins with the post as it is."""

    tags: set[str]
    rating: str
    source: str
    parent_id: int | None
    # The fields that somebody else has changed since.
    kept_fields: set[str] = field(default_factory=set, init=False)

    @classmethod
    def of(cls, row: PostRow, edits: Iterable[Edit]) -> PostBefore:
        """Take the edits back, the newest first, each as far as the post still is as the edit left it."""
        before = cls(set(row.tags), row.rating, row.source, row.parent_id)
        # What somebody else has changed since is theirs, whatever earlier edits did to it.
        settled: set[str] = set()
        for edit in edits:
            before._take_back_tags(edit, settled)
            before._take_back_fields(edit)
        return before

    def _take_back_tags(self, edit: Edit, settled: set[str]) -> None:
        settled |= (edit.added - self.tags) | (edit.removed & self.tags)
        self.tags -= edit.added - settled
        self.tags |= edit.removed - settled

    def _take_back_fields(self, edit: Edit) -> None:
        pairs = {"rating": edit.ratings, "source": edit.sources, "parent_id": edit.parents}
        for name, (old, new) in pairs.items():
            if old == new or name in self.kept_fields:
                continue
            if getattr(self, name) == new:
                setattr(self, name, old)
            else:
                self.kept_fields.add(name)
