"""What the tags table says about the tags of a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from booru.models.tag import Tag
from booru.models.tag_alias import TagAlias
from booru.array_literals import text_array

if TYPE_CHECKING:
    from collections.abc import Iterable

    from booru.models import User
    from booru.posts.tag_edit import ResolvedEdit, TagEdit

_BY_CATEGORY = """
    SELECT category, string_agg(name, ' ') FROM tags WHERE name = ANY(%s::text[]) GROUP BY category
"""


def resolve(edit: TagEdit) -> ResolvedEdit:
    """The edit with its aliases looked up."""
    names = [*edit.add, *edit.remove]
    if not names:
        return edit.with_aliases({})
    return edit.with_aliases(dict(zip(names, TagAlias.objects.to_aliased(names), strict=True)))


def refusals(edit: ResolvedEdit) -> dict[str, str]:
    """The tags that may not be added to a post, and why (behaviour D.2)."""
    names = set(edit.add.values())
    refused = {}
    for name in names:
        if errors := Tag.objects.name_errors(name):
            refused[name] = f"Couldn't add tag: {errors[0]}"
    for name in Tag.objects.filter(name__in=names, is_deprecated=True).values_list("name", flat=True):
        refused[name] = f"The following tags are deprecated and could not be added: [[{name}]]"
    return refused


def categories_of(names: Iterable[str], user: User) -> dict[str, int]:
    """The category of each tag; the tags that do not exist are made, in the order of their names."""
    names = set(names)
    categories = _existing(names)
    missing = sorted(names - categories.keys())
    if not missing:
        return categories
    for name in missing:
        Tag.objects.find_or_create(name, user=user)
    return _existing(names)


def _existing(names: set[str]) -> dict[str, int]:
    with connection.cursor() as cursor:
        # Thousands of single parameters would cost more than the query, and so would thousands of rows.
        cursor.execute(_BY_CATEGORY, [text_array(names)])
        return {name: category for category, found in cursor.fetchall() for name in found.split()}
