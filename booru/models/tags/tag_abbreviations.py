"""Abbreviations of tags: `/hr` is the most used tag whose words begin with h and r (behaviour C.6)."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

from django.db import connection

from booru.models.array_literals import text_array

if TYPE_CHECKING:
    from collections.abc import Iterable

_INITIALS = set(string.ascii_lowercase + string.digits)
_ABBREVIATED = """
    SELECT asked.abbreviation, found.name FROM unnest(%s::text[]) AS asked (abbreviation)
    CROSS JOIN LATERAL (
        SELECT name FROM tags
        WHERE post_count > 0 AND array_length(words, 1) = length(asked.abbreviation) AND (
            SELECT string_agg(lower(left(word, 1)), '' ORDER BY place)
            FROM unnest(words) WITH ORDINALITY AS listed (word, place)
        ) = asked.abbreviation
        ORDER BY post_count DESC, name LIMIT 1
    ) AS found
"""


def tags_abbreviated(names: Iterable[str]) -> dict[str, str]:
    """Those of the names that are abbreviations, with the tags that they stand for; asked for at once."""
    asked = {name[1:] for name in names if name.startswith("/") and len(name) > 1}
    asked = {initials for initials in asked if _INITIALS.issuperset(initials)}
    if not asked:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_ABBREVIATED, [text_array(asked)])
        return {f"/{initials}": name for initials, name in cursor.fetchall()}
