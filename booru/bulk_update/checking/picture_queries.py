"""The questions behind a picture; each asks for all names at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

from booru.models.array_literals import text_array

if TYPE_CHECKING:
    from collections.abc import Collection

_TARGETS = """
    SELECT antecedent_name, consequent_name FROM tag_aliases
    WHERE status = 'active' AND antecedent_name = ANY(%s::text[]) ORDER BY id
"""
_ALIASES = """
    SELECT antecedent_name, consequent_name FROM tag_aliases
    WHERE status = 'active'
        AND (antecedent_name = ANY(%(names)s::text[]) OR consequent_name = ANY(%(names)s::text[]))
    ORDER BY id
"""
# What the OFFSET is for: without it the whole table would be read, once a step.
_IMPLICATIONS = """
    WITH RECURSIVE reached AS (
        SELECT id, antecedent_name, consequent_name FROM tag_implications
        WHERE status = 'active' AND antecedent_name = ANY(%(names)s::text[])
      UNION
        SELECT id, antecedent_name, consequent_name FROM tag_implications
        WHERE status = 'active' AND consequent_name = ANY(%(moved)s::text[])
      UNION
        SELECT more.id, more.antecedent_name, more.consequent_name FROM reached
        CROSS JOIN LATERAL unnest(ARRAY[reached.antecedent_name, reached.consequent_name]) AS name
        CROSS JOIN LATERAL (
            SELECT id, antecedent_name, consequent_name FROM tag_implications
            WHERE status = 'active' AND antecedent_name = name
            OFFSET 0
        ) AS more
    )
    SELECT antecedent_name, consequent_name FROM reached ORDER BY id
"""
_TAGS = """
    SELECT name, category, post_count, is_deprecated FROM tags WHERE name = ANY(%s::text[])
"""
_ARTISTS = "SELECT name FROM artists WHERE name = ANY(%s::text[])"
_PAGES = """
    SELECT title, is_deleted,
        CASE WHEN title = ANY(%(read)s::text[]) THEN left(body, %(length)s) ELSE '' END, length(body)
    FROM wiki_pages WHERE title = ANY(%(titles)s::text[])
"""
_EITHER = """
    SELECT pair.antecedent, pair.consequent, (
        SELECT count(*) FROM (
            SELECT 1 FROM posts
            WHERE string_to_array(tag_string, ' ') && ARRAY[pair.antecedent, pair.consequent]
            LIMIT pair.enough
        ) AS counted
    )
    FROM unnest(%s::text[], %s::text[], %s::int[]) AS pair (antecedent, consequent, enough)
"""
# A pool's description may be as long.
BODY_LENGTH = 20_001


def alias_targets(names: Collection[str]) -> dict[str, str]:
    return dict(_rows(_TARGETS, [text_array(names)]))


def aliases_around(names: Collection[str]) -> list[tuple[str, str]]:
    """The active aliases of these names and to these names, the oldest first."""
    return _rows(_ALIASES, {"names": text_array(names)})


def implications_around(names: Collection[str], moved: Collection[str]) -> list[tuple[str, str]]:
    """The active implications that can be reached upwards from these names, the oldest first.

    Those to `moved` names are among them, and what can be reached from there.
    """
    return _rows(_IMPLICATIONS, {"names": text_array(names), "moved": text_array(moved)})


def tags_named(names: Collection[str]) -> list[tuple[str, int, int, bool]]:
    return _rows(_TAGS, [text_array(names)])


def artists_named(names: Collection[str]) -> frozenset[str]:
    return frozenset(name for (name,) in _rows(_ARTISTS, [text_array(names)]))


def pages_titled(titles: Collection[str], read: Collection[str]) -> list[tuple[str, bool, str, int]]:
    """The wiki pages, whether they are deleted, and how long; of those to `read`, the beginning too."""
    asked = {"titles": text_array(titles), "read": text_array(read), "length": BODY_LENGTH}
    return _rows(_PAGES, asked)


def posts_with_either(pairs: Collection[tuple[str, str, int]]) -> dict[tuple[str, str], int]:
    """How many posts have one of two tags, counted up to a number."""
    olds, news, enough = zip(*pairs, strict=True)
    rows = _rows(_EITHER, [text_array(olds), text_array(news), list(enough)])
    return {(old, new): count for old, new, count in rows}


def _rows(sql: str, parameters: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())
