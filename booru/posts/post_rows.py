"""Posts as the editor reads and writes them: many with one statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db import connection

from booru.models.array_literals import int_array, text_array
from booru.models.tags.tag import TagCategory

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

# In the order of the columns.
_SPECIAL = tuple(category for category in TagCategory if category != TagCategory.GENERAL)
_COUNT_COLUMNS = tuple(f"tag_count_{category.word}" for category in (TagCategory.GENERAL, *_SPECIAL))
_FILE_COLUMNS = ("image_width", "image_height", "file_ext")
_COLUMNS = (
    *("id", "tag_string", "rating", "source", "parent_id", *_FILE_COLUMNS),
    *("tag_count", *_COUNT_COLUMNS),
)

_LOCK = f"""
    SELECT {", ".join(_COLUMNS)} FROM posts WHERE id = ANY(%s::bigint[]) ORDER BY id FOR NO KEY UPDATE
"""  # noqa: S608 - only names from this file
_UPDATE = f"""
    UPDATE posts SET
        tag_string = new.tag_string, tag_count = new.tag_count, updated_at = %s,
        {", ".join(f"{column} = new.{column}" for column in _COUNT_COLUMNS)}
    FROM unnest(%s::bigint[], %s::text[], %s::int[]{", %s::int[]" * len(_COUNT_COLUMNS)})
        AS new (id, tag_string, tag_count, {", ".join(_COUNT_COLUMNS)})
    WHERE posts.id = new.id
"""  # noqa: S608 - only names from this file
# Without the tags, which are most of the work.
_UPDATE_COUNTS = f"""
    UPDATE posts SET
        tag_count = new.tag_count, updated_at = %s,
        {", ".join(f"{column} = new.{column}" for column in _COUNT_COLUMNS)}
    FROM unnest(%s::bigint[], %s::int[]{", %s::int[]" * len(_COUNT_COLUMNS)})
        AS new (id, tag_count, {", ".join(_COUNT_COLUMNS)})
    WHERE posts.id = new.id
"""  # noqa: S608 - only names from this file
# Apart, because most edits are about tags alone.
_UPDATE_FIELDS = """
    UPDATE posts SET
        rating = new.rating, source = new.source, parent_id = nullif(new.parent_id, 0), updated_at = %s
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bigint[]) AS new (id, rating, source, parent_id)
    WHERE posts.id = new.id
"""


class PostRow(NamedTuple):
    """What of a post matters to a tag edit; a tuple, because millions of them are made."""

    id: int
    tags: frozenset[str]
    rating: str
    source: str
    parent_id: int | None
    image_width: int
    image_height: int
    file_ext: str
    # How many tags there are: all, then those of each category.
    counts: tuple[int, ...]

    def with_tags(self, tags: frozenset[str], special: Mapping[str, int]) -> PostRow:
        """The post with these tags, counted; special: the categories of those that are not general."""
        found = [special[name] for name in tags if name in special]
        general = len(tags) - len(found)
        counts = (len(tags), general, *map(found.count, _SPECIAL))
        return PostRow(
            *(self.id, tags, self.rating, self.source, self.parent_id),
            *(self.image_width, self.image_height, self.file_ext, counts),
        )

    @property
    def tag_string(self) -> str:
        return " ".join(sorted(self.tags))

    @property
    def fields(self) -> tuple[str, str, int | None]:
        """What versions keep beside the tags."""
        return self.rating, self.source, self.parent_id


def lock_rows(post_ids: Iterable[int]) -> list[PostRow]:
    """The posts that exist, locked in the order of their ids until the transaction ends.

    The lock lets others add favourites and comments; only edits of the post itself wait.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [int_array(post_ids)])
        return [
            PostRow(
                *(post_id, frozenset(tag_string.split()), rating, source, parent_id),
                *(width, height, ext, tuple(counts)),
            )
            for post_id, tag_string, rating, source, parent_id, width, height, ext, *counts in cursor
        ]


def write_rows(rows: Sequence[PostRow], now: datetime) -> None:
    """Save the tags and counts of all these posts."""
    if not rows:
        return
    ids, tag_strings = int_array(row.id for row in rows), text_array(row.tag_string for row in rows)
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, [now, ids, tag_strings, *_counts(rows)])


def write_counts(rows: Sequence[PostRow], now: datetime) -> None:
    """Save the counts of all these posts, whose tags are what they were."""
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE_COUNTS, [now, int_array(row.id for row in rows), *_counts(rows)])


def _counts(rows: Sequence[PostRow]) -> list[str]:
    return [int_array(column) for column in zip(*(row.counts for row in rows), strict=True)]


def write_fields(rows: Sequence[PostRow], now: datetime) -> None:
    """Save the ratings, sources and parents of all these posts."""
    if not rows:
        return
    columns = [
        int_array(row.id for row in rows),
        text_array(row.rating for row in rows),
        text_array(row.source for row in rows),
        int_array(row.parent_id or 0 for row in rows),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE_FIELDS, [now, *columns])
