"""Counts the posts of every tag anew (behaviour C.7)."""

from __future__ import annotations

from django.db import connection, transaction

# Waits for edits that are under way, which change posts first and counts later, and holds up new ones.
_HOLD = "LOCK TABLE posts IN SHARE MODE"
_COUNT = """
    WITH real AS (
        SELECT name, count(*) AS posts FROM posts, unnest(string_to_array(tag_string, ' ')) AS name
        GROUP BY name
    ), drifted AS (
        SELECT tags.id, coalesce(real.posts, 0) AS posts FROM tags LEFT JOIN real USING (name)
        WHERE tags.post_count <> coalesce(real.posts, 0)
    )
    UPDATE tags SET post_count = drifted.posts, updated_at = now() FROM drifted WHERE tags.id = drifted.id
"""


@transaction.atomic
def regenerate_post_counts() -> int:
    """Make each tag's count that of its posts; returns how many were wrong."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD)
        cursor.execute(_COUNT)
        return int(cursor.rowcount)
