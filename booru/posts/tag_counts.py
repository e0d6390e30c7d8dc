"""Keeps the number of posts of each tag (behaviour C.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from booru.models.array_literals import int_array, text_array

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# The rows are locked in the order of their names, so that two edits cannot wait for each other.
_ADJUST = """
    WITH change AS (
        SELECT * FROM unnest(%s::text[], %s::int[]) AS change (name, difference)
    ), locked AS (
        SELECT id, name FROM tags WHERE name = ANY(%s::text[]) ORDER BY name FOR NO KEY UPDATE
    )
    UPDATE tags SET post_count = tags.post_count + change.difference
    FROM locked JOIN change ON change.name = locked.name
    WHERE tags.id = locked.id
"""
_LOCK = "SELECT 1 FROM tags WHERE name = ANY(%s::text[]) ORDER BY name FOR NO KEY UPDATE"


def lock_tags(names: Iterable[str]) -> None:
    """For who changes one of these tags before their counts."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [text_array(names)])


def adjust_tag_counts(differences: Mapping[str, int]) -> None:
    """Add to the counts of these tags, in one statement."""
    differences = {name: difference for name, difference in differences.items() if difference}
    if not differences:
        return
    names = text_array(differences)
    with connection.cursor() as cursor:
        cursor.execute(_ADJUST, [names, int_array(differences.values()), names])
