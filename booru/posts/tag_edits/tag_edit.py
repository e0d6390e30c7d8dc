"""What shall happen to a post: the tags and metatags of a tag edit (behaviour D.2)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from booru.models.tags.tag import TagCategory
from booru.posts.tag_edits.tag_edit_terms import Metatag, Tag, read_terms
from booru.rules.metatags import CATEGORY_METATAGS

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

# These give a tag its category and, unlike the others, do not add it to the post.
_CATEGORY_ONLY = {"ch", "co"}
_BEFORE_SAVING = {"parent", "-parent", "rating", "source"}


@dataclass(frozen=True, slots=True)
class TagEdit:
    """Tags to add and to remove, and whatever else metatags ask for.

    An empty edit is good for something too: it applies implications and counts anew.
    """

    add: tuple[str, ...] = ()
    # Written `-tag`: an alias means the tag that it stands for.
    remove: tuple[str, ...] = ()
    # Exactly these names, aliases or not, as when a word is deleted from the tag string.
    drop: tuple[str, ...] = ()
    # Tags that shall have a category.
    categories: tuple[tuple[str, TagCategory], ...] = ()
    # Metatags about the post's own fields, and those that are carried out once it is saved.
    fields: tuple[Metatag, ...] = ()
    actions: tuple[Metatag, ...] = ()
    # The end of the text, from the first term on that could not be read.
    unread: str = ""

    @classmethod
    def parse(cls, text: str) -> TagEdit:
        """The edit that appending this text to a post's tags is. Never fails: see `unread`."""
        terms, unread = read_terms(text)
        tags = [term for term in terms if isinstance(term, Tag)]
        metatags = [term for term in terms if isinstance(term, Metatag)]
        categories = [term for term in metatags if term.name in CATEGORY_METATAGS]
        others = [term for term in metatags if term.name not in CATEGORY_METATAGS]
        added = [term.name for term in tags if not term.is_removed]
        added += [term.value for term in categories if term.name not in _CATEGORY_ONLY]
        return cls(
            add=tuple(dict.fromkeys(added)),
            remove=tuple(dict.fromkeys(term.name for term in tags if term.is_removed)),
            categories=tuple((term.value, _category(term.name)) for term in categories),
            fields=tuple(term for term in others if term.name in _BEFORE_SAVING),
            actions=tuple(term for term in others if term.name not in _BEFORE_SAVING),
            unread=unread,
        )

    @property
    def is_about_tags_alone(self) -> bool:
        return not (self.categories or self.fields or self.actions)

    @classmethod
    def between(cls, old: str, new: str) -> TagEdit:
        """The edit by which somebody who saw the tag string `old` made it `new`.

        What other people changed meanwhile is left alone. Danbooru removes the words that it could not read;
        here they stay as they are (behaviour M.8).
        """
        edit = cls.parse(new)
        before = dict.fromkeys(old.lower().split())
        named = {*edit.add, *(name for name, _ in edit.categories), *edit.unread.lower().split()}
        return replace(
            edit,
            add=tuple(name for name in edit.add if name not in before),
            drop=tuple(name for name in before if name not in named),
        )

    @classmethod
    def move(cls, old: str, new: str) -> TagEdit:
        """One tag in place of another."""
        return cls(add=(new,), drop=(old,))

    def with_aliases(self, aliases: Mapping[str, str]) -> ResolvedEdit:
        """The edit in terms of the tags that the aliases stand for."""
        added = {name: aliases.get(name, name) for name in self.add}
        removed = frozenset(aliases.get(name, name) for name in self.remove)
        return ResolvedEdit(added, removed, frozenset(self.drop))


def _category(name: str) -> TagCategory:
    return TagCategory[CATEGORY_METATAGS[name].upper()]


@dataclass(frozen=True, slots=True)
class ResolvedEdit:
    """The tags of an edit with its aliases looked up."""

    # Each name as it was written, and the tag that it means.
    add: Mapping[str, str]
    remove: frozenset[str]
    drop: frozenset[str] = frozenset()

    def without(self, refused: Container[str]) -> ResolvedEdit:
        """The edit without adding these tags."""
        return replace(self, add={name: tag for name, tag in self.add.items() if tag not in refused})

    def apply(self, tags: frozenset[str]) -> frozenset[str]:
        """The tags afterwards, before any that follow from others.

        A name that the post already has is not added: an alias that is on it as a tag stays what it is.
        What is dropped comes back when it is what an added name stands for.
        """
        added = self.added_to(tags)
        # No set is copied for nothing: there are millions of them.
        if not self.drop.isdisjoint(tags):
            tags -= self.drop
        if added:
            tags |= added
        return tags if self.remove.isdisjoint(tags) else tags - self.remove

    def added_to(self, tags: frozenset[str]) -> set[str]:
        """What is to be added to these tags."""
        without = self.remove | self.drop
        return {tag for name, tag in self.add.items() if name not in tags and name not in without}
