"""Counts the posts of every tag anew (behaviour C.7)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, transaction

from jobs.engine.insight.long_work import long_work

_DRIFTED = """
    WITH real AS (
        SELECT name, count(*) AS posts FROM posts, unnest(string_to_array(tag_string, ' ')) AS name
        GROUP BY name
    )
    SELECT tags.name FROM tags LEFT JOIN real USING (name)
    WHERE tags.post_count <> coalesce(real.posts, 0)
"""
# In the order in which edits lock them. An edit changes its posts and then, in the same transaction, the
# counts: while these rows are held, it has done both or waits to add its difference to the count made here.
_HOLD = "SELECT FROM tags WHERE name = ANY(%(names)s::text[]) ORDER BY name FOR NO KEY UPDATE"
_CORRECT = """
    WITH real AS (
        SELECT name, count(*) AS posts FROM posts, unnest(string_to_array(tag_string, ' ')) AS name
        WHERE name = ANY(%(names)s::text[]) GROUP BY name
    ), drifted AS (
        SELECT tags.id, tags.post_count AS before, coalesce(real.posts, 0) AS posts
        FROM tags LEFT JOIN real USING (name)
        WHERE tags.name = ANY(%(names)s::text[]) AND tags.post_count <> coalesce(real.posts, 0)
    )
    UPDATE tags SET post_count = drifted.posts, updated_at = now() FROM drifted WHERE tags.id = drifted.id
    RETURNING tags.name, drifted.before, tags.post_count
"""


@dataclass(frozen=True, slots=True, order=True)
class CountCorrection:
    """A tag whose count was wrong."""

    name: str
    before: int
    after: int

    def __str__(self) -> str:
        return f"{self.name}: {self.before} -> {self.after}"


def regenerate_post_counts() -> list[CountCorrection]:
    """Make each tag's count that of its posts; returns what was wrong, by name.

    Looks for wrong counts without holding anybody up; then edits wait that are about those tags, until they
    are counted once more.
    """
    with long_work("Counting the posts of every tag"):
        with connection.cursor() as cursor:
            cursor.execute(_DRIFTED)
            names = [name for (name,) in cursor.fetchall()]
        return _correct(names) if names else []


@transaction.atomic
def _correct(names: list[str]) -> list[CountCorrection]:
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, {"names": names})
        cursor.execute(_CORRECT, {"names": names})
        return sorted(CountCorrection(*row) for row in cursor.fetchall())
