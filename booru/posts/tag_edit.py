"""What shall happen to a post's tags."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class TagEdit:
    """Plain tags to add and to remove.

    An empty edit is good for something too: it applies implications and counts anew.
    """

    add: tuple[str, ...] = ()
    # Written `-tag`: an alias means the tag that it stands for.
    remove: tuple[str, ...] = ()
    # Exactly these names, aliases or not, as when a word is deleted from the tag string.
    drop: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> TagEdit:
        """The edit that appending this text to a post's tags is (behaviour D.2).

        Reading stops at a lone hyphen.
        """
        add: list[str] = []
        remove: list[str] = []
        for word in text.lower().split():
            if word == "-":
                break
            if word.startswith("-"):
                remove.append(word.removeprefix("-"))
            else:
                add.append(word)
        return cls(tuple(dict.fromkeys(add)), tuple(dict.fromkeys(remove)))

    @classmethod
    def move(cls, old: str, new: str) -> TagEdit:
        """One tag in place of another."""
        return cls(add=(new,), drop=(old,))

    def with_aliases(self, aliases: Mapping[str, str]) -> ResolvedEdit:
        """The edit in terms of the tags that the aliases stand for."""
        removed = {aliases.get(name, name) for name in self.remove} | set(self.drop)
        return ResolvedEdit({name: aliases.get(name, name) for name in self.add}, frozenset(removed))


@dataclass(frozen=True, slots=True)
class ResolvedEdit:
    """An edit with its aliases looked up."""

    # Each name as it was written, and the tag that it means.
    add: Mapping[str, str]
    remove: frozenset[str]

    def without(self, refused: Mapping[str, str]) -> ResolvedEdit:
        """The edit without adding these tags."""
        return ResolvedEdit({name: tag for name, tag in self.add.items() if tag not in refused}, self.remove)

    def apply(self, tags: frozenset[str]) -> frozenset[str]:
        """The tags afterwards, before any that follow from others.

        A name that the post already has is not added: an alias that is on it as a tag stays what it is.
        """
        added = {tag for name, tag in self.add.items() if name not in tags and name not in self.remove}
        return (tags | added) - self.remove
