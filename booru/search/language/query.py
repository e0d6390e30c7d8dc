"""A search and the questions that are asked of it (behaviour D.6)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from booru.search.language.parser import read
from booru.search.language.rewriting import merge_options, push_negations_down, replace_aliases, required_tags
from booru.search.language.tree import Everything, Metatag, Nothing, Tag, terms_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from booru.search.language.tree import Node


@dataclass(frozen=True)
class SearchQuery:
    # As it was typed.
    text: str
    # Its parts as they were typed.
    written: Node

    @classmethod
    def parse(cls, text: str) -> SearchQuery:
        return cls(text, read(text))

    @cached_property
    def tree(self) -> Node:
        """What it means."""
        return merge_options(self.written)

    def with_aliases(self, aliases: Mapping[str, str]) -> SearchQuery:
        """The search for the tags that these aliases stand for."""
        return replace(self, written=replace_aliases(self.written, aliases)) if aliases else self

    def __str__(self) -> str:
        """The normal text form. One that has a syntax error stays as it was typed."""
        return self._text_of(self.tree)

    @property
    def as_written(self) -> str:
        """The normal text form with what is optional as it was typed: `~a ~b c`, not `(a or b) c`."""
        return self._text_of(self.written)

    def _text_of(self, tree: Node) -> str:
        return " ".join(self.text.split()) if self.is_null else str(tree)

    @property
    def is_null(self) -> bool:
        """It has a syntax error, so that it matches nothing."""
        return isinstance(self.written, Nothing)

    @property
    def is_empty(self) -> bool:
        """It matches everything."""
        return isinstance(self.written, Everything)

    @property
    def simple_tag(self) -> str | None:
        """The name of the tag, when the search is that tag and nothing else."""
        return self.tree.name if isinstance(self.tree, Tag) else None

    def metatag(self, name: str) -> str | None:
        """The value of the metatag, when the search is that metatag and nothing else."""
        is_it = isinstance(self.tree, Metatag) and self.tree.name == name
        return self.tree.value if is_it else None  # type: ignore[union-attr]

    @property
    def has_single_tag(self) -> bool:
        """Exactly one plain tag occurs, perhaps negated, and perhaps beside terms of other kinds."""
        return len(self.tag_names) == 1

    @cached_property
    def tag_names(self) -> list[str]:
        """The plain tags anywhere in it, sorted; one that is repeated stands there as often."""
        return sorted(term.name for term in terms_of(self.tree) if isinstance(term, Tag))

    @property
    def required_tags(self) -> frozenset[str]:
        """The plain tags that every post has that it finds."""
        return required_tags(push_negations_down(self.tree))


def normalize_search(text: str, aliases: Mapping[str, str] | None = None) -> str:
    """The normal text form of a search, with the tags that these aliases stand for.

    A search with a syntax error is left as it was typed, so that nothing of it is lost.
    """
    return str(SearchQuery.parse(text).with_aliases(aliases or {}))
