"""What the tags table says about the tags of a batch."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import connection

from booru.models.array_literals import text_array
from booru.models.tag_relationships.tag_alias import TagAlias
from booru.models.tags.tag import Tag
from booru.posts.editing.edit_result import sentence_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from booru.models import User
    from booru.models.tags.tag import TagCategory
    from booru.posts.tag_edits.tag_edit import ResolvedEdit, TagEdit

_BY_CATEGORY = """
    SELECT category, string_agg(name, ' ') FROM tags WHERE name = ANY(%s::text[]) GROUP BY category
"""


def resolve(edit: TagEdit) -> ResolvedEdit:
    """The edit with its aliases looked up."""
    names = [*edit.add, *edit.remove]
    if not names:
        return edit.with_aliases({})
    return edit.with_aliases(dict(zip(names, TagAlias.objects.to_aliased(names), strict=True)))


@dataclass(frozen=True, slots=True)
class Refusals:
    """The tags that may not be added to a post (behaviour D.2)."""

    # With the reason.
    bad_names: Mapping[str, str]
    deprecated: frozenset[str]

    @classmethod
    def of(cls, edit: ResolvedEdit) -> Refusals:
        names = set(edit.add.values())
        if not names:
            return cls({}, frozenset())
        deprecated = Tag.objects.filter(name__in=names, is_deprecated=True).values_list("name", flat=True)
        return cls(bad_names(names), frozenset(deprecated))

    @property
    def names(self) -> set[str]:
        return {*self.bad_names, *self.deprecated}

    def warnings(self, wanted: Iterable[str]) -> list[str]:
        """What to tell somebody who wanted to add these tags."""
        wanted = set(wanted)
        warnings = [
            f"Couldn't add tag: {self.bad_names[name]}" for name in sorted(wanted & set(self.bad_names))
        ]
        if deprecated := sorted(wanted & self.deprecated):
            tags = sentence_of(deprecated)
            warnings.append(f"The following tags are deprecated and could not be added: {tags}")
        return warnings


def bad_names(names: Iterable[str]) -> dict[str, str]:
    """The names that no tag may have, with the reason."""
    return {name: errors[0] for name in names if (errors := Tag.objects.name_errors(name))}


def categories_of(names: Iterable[str], user: User) -> dict[str, int]:
    """The category of each tag; those that do not exist are made."""
    known = known_categories(names)
    if missing := set(names) - known.keys():
        make_tags(missing, user, {})
        known = known_categories(names)
    return known


def known_categories(names: Iterable[str]) -> dict[str, int]:
    """The category of each tag that exists."""
    with connection.cursor() as cursor:
        # Thousands of single parameters would cost more than the query, and so would thousands of rows.
        cursor.execute(_BY_CATEGORY, [text_array(names)])
        return {name: category for category, found in cursor.fetchall() for name in found.split()}


def make_tags(names: Iterable[str], user: User, categories: Mapping[str, TagCategory]) -> None:
    """Make these tags, in the order of their names, so that two who do so cannot wait for each other.

    One that somebody else made meanwhile stays as it is: to change it here would lock it out of order. One
    whose name no new tag may have, but which a post has or an implication names, is not made.
    """
    for name in sorted(names):
        with suppress(ValidationError):
            Tag.objects.make(name, categories.get(name), user)
