"""What the tags table knows of the tags in a search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from booru.models import Tag
from booru.search.language.tree import Tag as TagTerm
from booru.search.language.tree import Wildcard, terms_of

if TYPE_CHECKING:
    from booru.search.language.tree import Node

# A wildcard stands for so many of the tags that fit, those with the most posts.
MAX_WILDCARD_TAGS = 100


@dataclass(frozen=True, slots=True)
class KnownTags:
    """The number of posts of each tag, and the tags that each wildcard stands for."""

    counts: dict[str, int]
    wildcards: dict[str, list[str]]

    @classmethod
    def of(cls, tree: Node) -> KnownTags:
        """Asks the database: once for the tags, and once for each wildcard."""
        terms = set(terms_of(tree))
        names = {term.name for term in terms if isinstance(term, TagTerm)}
        counts = dict.fromkeys(names, 0)
        if names:
            counts |= Tag.objects.filter(name__in=names).values_list("name", "post_count")
        wildcards = {}
        for term in terms:
            if isinstance(term, Wildcard):
                found = _matching(term.pattern)
                counts |= found
                wildcards[term.pattern] = sorted(found)
        return cls(counts, wildcards)

    def names(self, term: TagTerm | Wildcard) -> list[str]:
        """The tags that the term stands for: any of them will do."""
        return [term.name] if isinstance(term, TagTerm) else self.wildcards[term.pattern]

    def posts(self, term: TagTerm | Wildcard) -> int:
        """How many posts it finds at most."""
        return sum(max(self.counts[name], 0) for name in self.names(term))


def _matching(pattern: str) -> dict[str, int]:
    tags = Tag.objects.filter(name__matches=pattern, post_count__gt=0)
    most_used = tags.order_by("-post_count", "name")[:MAX_WILDCARD_TAGS]
    return dict(most_used.values_list("name", "post_count"))
