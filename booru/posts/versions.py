"""Writes the versions of posts: what each edit changed, by whom, and for which request (behaviour D.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection

from booru.models.post import PostVersion

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from booru.models import BulkUpdateRequest, User
    from booru.posts.post_rows import PostRow

# Edits of one person within this time become one version.
MERGE_WINDOW = timedelta(hours=1)
_MERGED = ["tags", "added_tags", "removed_tags", "rating", "source", "parent_id_was", "updated_at"]

_OPEN = """
    SELECT latest.* FROM unnest(%s::bigint[]) AS post (id)
    CROSS JOIN LATERAL (
        SELECT * FROM post_versions WHERE post_id = post.id ORDER BY version DESC LIMIT 1
    ) AS latest
    WHERE latest.updater_id = %s AND latest.bulk_update_request_id IS NOT DISTINCT FROM %s
        AND latest.updated_at > %s
"""
# Tag names have no spaces, and PostgreSQL has no arrays of arrays of different lengths.
_INSERT = """
    INSERT INTO post_versions (
        post_id, version, updater_id, bulk_update_request_id, tags, added_tags, removed_tags,
        rating, source, parent_id_was, created_at, updated_at
    )
    SELECT
        edit.post_id,
        coalesce((SELECT max(version) FROM post_versions WHERE post_id = edit.post_id), 0) + 1,
        %s, %s, edit.tags, string_to_array(edit.added, ' '), string_to_array(edit.removed, ' '),
        edit.rating, edit.source, edit.parent_id, %s, %s
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[])
        AS edit (post_id, tags, added, removed, rating, source, parent_id)
"""


@dataclass(frozen=True, slots=True)
class Change:
    """A post before and after an edit."""

    before: PostRow
    after: PostRow

    @property
    def added(self) -> frozenset[str]:
        return self.after.tags - self.before.tags

    @property
    def removed(self) -> frozenset[str]:
        return self.before.tags - self.after.tags


def write_versions(
    changes: Sequence[Change], user: User, bulk_update_request: BulkUpdateRequest | None, now: datetime
) -> None:
    """Write a version for each change, or put it into the version that the same hand made within the hour.

    The posts must be locked. Versions of different bulk update requests stay apart, so that each can be
    undone.
    """
    still_open = _open_versions((change.after.id for change in changes), user, bulk_update_request, now)
    merged, new = [], []
    for change in changes:
        version = still_open.get(change.after.id)
        if version is None:
            new.append(change)
        else:
            merged.append(_merge(version, change, now))
    if merged:
        PostVersion.objects.bulk_update(merged, _MERGED)
    _insert(new, user, bulk_update_request, now)


def _open_versions(
    post_ids: Iterable[int], user: User, bulk_update_request: BulkUpdateRequest | None, now: datetime
) -> dict[int, PostVersion]:
    """The latest versions of these posts that this edit still belongs to."""
    request_id = bulk_update_request.pk if bulk_update_request else None
    parameters = [list(post_ids), user.pk, request_id, now - MERGE_WINDOW]
    return {version.post_id: version for version in PostVersion.objects.raw(_OPEN, parameters)}


def _merge(version: PostVersion, change: Change, now: datetime) -> PostVersion:
    before = set(version.tags_before)
    version.tags = change.after.tag_string
    version.added_tags = sorted(change.after.tags - before)
    version.removed_tags = sorted(before - change.after.tags)
    version.rating = change.after.rating
    version.source = change.after.source
    version.parent_id_was = change.after.parent_id
    version.updated_at = now
    return version


def _insert(
    changes: Sequence[Change], user: User, bulk_update_request: BulkUpdateRequest | None, now: datetime
) -> None:
    if not changes:
        return
    request_id = bulk_update_request.pk if bulk_update_request else None
    columns = zip(
        *(
            (
                change.after.id,
                change.after.tag_string,
                " ".join(sorted(change.added)),
                " ".join(sorted(change.removed)),
                change.after.rating,
                change.after.source,
                change.after.parent_id,
            )
            for change in changes
        ),
        strict=True,
    )
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [user.pk, request_id, now, now, *map(list, columns)])
