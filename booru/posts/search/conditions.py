"""Turns the tree of a search into one condition over posts, which the tag index can answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from booru.posts.search.metatags import condition_of
from booru.search.conditions import NOTHING
from booru.search.language.tree import And, Metatag, Not, Nothing, Or, Tag, Wildcard

if TYPE_CHECKING:
    from collections.abc import Sequence

    from booru.posts.search.known_tags import KnownTags
    from booru.posts.search.searcher import Searcher
    from booru.search.language.tree import Node


@dataclass(frozen=True, slots=True)
class Translator:
    """For trees in which only single terms are negated."""

    tags: KnownTags
    searcher: Searcher

    def condition(self, node: Node) -> Q:
        match node:
            case And(children):
                return self._all(children)
            case Or(children):
                return self._any(children)
            case Not(child):
                return _opposite(self._term(child))
        return self._term(node)

    def _term(self, node: Node) -> Q:
        match node:
            case Tag(name):
                return Q(tag_array__contains=[name])
            case Wildcard():
                return self._any_tag([node])
            case Metatag():
                return condition_of(node, self.searcher)
            case Nothing():
                return NOTHING
        return Q()

    def _all(self, nodes: Sequence[Node]) -> Q:
        """The tags become one look into the index, and those that must not be there one comparison."""
        wanted = [node.name for node in nodes if isinstance(node, Tag)]
        unwanted = [node.child for node in nodes if isinstance(node, Not)]
        unwanted_tags = [node for node in unwanted if isinstance(node, Tag | Wildcard)]
        condition = Q(tag_array__contains=wanted) if wanted else Q()
        for node in nodes:
            is_tag = isinstance(node, Tag) or (isinstance(node, Not) and node.child in unwanted_tags)
            if not is_tag:
                condition &= self.condition(node)
        return condition & _opposite(self._any_tag(unwanted_tags)) if unwanted_tags else condition

    def _any(self, nodes: Sequence[Node]) -> Q:
        tags = [node for node in nodes if isinstance(node, Tag | Wildcard)]
        condition = self._any_tag(tags)
        for node in nodes:
            if not isinstance(node, Tag | Wildcard):
                condition = _either(condition, self.condition(node))
        return condition

    def _any_tag(self, terms: Sequence[Tag | Wildcard]) -> Q:
        names = sorted({name for term in terms for name in self.tags.names(term)})
        return Q(tag_array__overlap=names) if names else NOTHING


# An empty condition is true of every post, which Django forgets when it is negated or joined by OR.
def _opposite(condition: Q) -> Q:
    return ~condition if condition else NOTHING


def _either(one: Q, other: Q) -> Q:
    return one | other if one and other else Q()
