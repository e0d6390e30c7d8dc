"""Writes the versions of posts: what each edit changed, by whom, and for which request (behaviour D.2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection

from booru.models.array_literals import int_array, text_array

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from booru.models import BulkUpdateRequest, User
    from booru.posts.post_rows import PostRow

# Edits of one person within this time become one version.
MERGE_WINDOW = timedelta(hours=1)

_LATEST = """
    SELECT latest.* FROM unnest(%s::bigint[]) AS post (id)
    CROSS JOIN LATERAL (
        SELECT
            post_id, version, added_tags, removed_tags,
            updater_id = %s AND bulk_update_request_id IS NOT DISTINCT FROM %s AND updated_at > %s
        FROM post_versions WHERE post_id = post.id ORDER BY version DESC LIMIT 1
    ) AS latest
"""
# Tag names have no spaces, and PostgreSQL has no arrays of arrays of different lengths.
_EDITS = """
    unnest(%s::bigint[], %s::int[], %s::text[], %s::text[]) AS edit (post_id, version, added, removed)
    JOIN posts ON posts.id = edit.post_id
"""
_INSERT = f"""
    INSERT INTO post_versions (
        post_id, version, updater_id, bulk_update_request_id, tags, added_tags, removed_tags,
        rating, source, parent_id_was, created_at, updated_at
    )
    SELECT
        edit.post_id, edit.version, %s, %s, posts.tag_string,
        string_to_array(edit.added, ' '), string_to_array(edit.removed, ' '),
        posts.rating, posts.source, posts.parent_id, %s, %s
    FROM {_EDITS}
"""  # noqa: S608 - only text from this file
_MERGE = f"""
    UPDATE post_versions SET
        tags = posts.tag_string,
        added_tags = string_to_array(edit.added, ' '), removed_tags = string_to_array(edit.removed, ' '),
        rating = posts.rating, source = posts.source, parent_id_was = posts.parent_id, updated_at = %s
    FROM {_EDITS}
    WHERE post_versions.post_id = edit.post_id AND post_versions.version = edit.version
"""  # noqa: S608 - only text from this file


@dataclass(frozen=True, slots=True)
class Change:
    """A post before and after an edit."""

    before: PostRow
    after: PostRow
    added: frozenset[str] = field(init=False)
    removed: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "added", self.after.tags - self.before.tags)
        object.__setattr__(self, "removed", self.before.tags - self.after.tags)

    @property
    def has_new_fields(self) -> bool:
        """Is the rating, the source or the parent another one?"""
        return self.before.fields != self.after.fields

    @property
    def has_new_tags(self) -> bool:
        return bool(self.added or self.removed)

    @property
    def has_new_counts(self) -> bool:
        """Do the same tags count otherwise, because of another category?"""
        return not self.has_new_tags and self.before.counts != self.after.counts

    @property
    def needs_version(self) -> bool:
        return self.has_new_tags or self.has_new_fields


@dataclass(frozen=True, slots=True)
class _Latest:
    """The last version of a post."""

    version: int
    added: list[str]
    removed: list[str]
    # Does an edit that is made now belong to it?
    is_open: bool


def write_versions(
    changes: Sequence[Change], user: User, bulk_update_request: BulkUpdateRequest | None, now: datetime
) -> None:
    """Write a version for each change, or put it into the version that the same hand made within the hour.

    The posts must be locked, and saved as they are after the changes. Versions of different bulk update
    requests stay apart, so that each can be undone.
    """
    request_id = bulk_update_request.pk if bulk_update_request else None
    latest = _latest_versions((change.after.id for change in changes), user.pk, request_id, now)
    merged, new = [], []
    for change in changes:
        version = latest.get(change.after.id)
        if version is None or not version.is_open:
            number = version.version + 1 if version else 1
            new.append((change.after.id, number, change.added, change.removed))
        else:
            merged.append((change.after.id, version.version, *_since(version, change)))
    with connection.cursor() as cursor:
        if merged:
            cursor.execute(_MERGE, [now, *_columns(merged)])
        if new:
            cursor.execute(_INSERT, [user.pk, request_id, now, now, *_columns(new)])


def _latest_versions(
    post_ids: Iterable[int], user_id: int, request_id: int | None, now: datetime
) -> dict[int, _Latest]:
    with connection.cursor() as cursor:
        cursor.execute(_LATEST, [int_array(post_ids), user_id, request_id, now - MERGE_WINDOW])
        return {post_id: _Latest(*rest) for post_id, *rest in cursor.fetchall()}


def _since(version: _Latest, change: Change) -> tuple[frozenset[str], frozenset[str]]:
    """What has been added and removed since before the version, with the change."""
    before = change.before.tags - set(version.added) | set(version.removed)
    return change.after.tags - before, before - change.after.tags


def _columns(edits: Sequence[tuple[int, int, frozenset[str], frozenset[str]]]) -> list[str]:
    ids, versions, added, removed = zip(*edits, strict=True)
    return [
        int_array(ids),
        int_array(versions),
        text_array(" ".join(sorted(names)) for names in added),
        text_array(" ".join(sorted(names)) for names in removed),
    ]
