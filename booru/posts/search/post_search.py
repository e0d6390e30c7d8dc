"""A search for posts by somebody."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from booru.models import Post, TagAlias
from booru.posts.search import checks, counting
from booru.posts.search.columns import COLUMNS
from booru.posts.search.conditions import Translator
from booru.posts.search.known_tags import KnownTags
from booru.posts.search.orders import in_order
from booru.posts.search.plan import newest_first
from booru.posts.search.searcher import Searcher
from booru.search.language import SearchQuery
from booru.search.language.rewriting import push_negations_down
from booru.search.language.tree import And, Metatag, Or, Tag, Wildcard, all_of, terms_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import Q, QuerySet

    from booru.models import User
    from booru.search.language.tree import Node

_ROWS = 20


class PostSearch:
    """Aliased tags are found under their new name. A search that cannot be read finds nothing.

    What the viewer may not know matches nothing either; without one it is an anonymous visitor.
    """

    def __init__(self, text: str, viewer: User | None = None, implied: Sequence[Node] = ()) -> None:
        """`implied` are further terms, which count for nothing but what is found."""
        self.text = text
        self.searcher = Searcher(viewer)
        self.implied = implied

    def __str__(self) -> str:
        """The normal text form."""
        return str(self.query)

    @cached_property
    def query(self) -> SearchQuery:
        query = SearchQuery.parse(self.text)
        names = sorted(set(query.tag_names))
        if not names:
            return query
        return query.with_aliases(dict(zip(names, TagAlias.objects.to_aliased(names), strict=True)))

    @property
    def is_null(self) -> bool:
        return self.query.is_null

    @property
    def is_empty(self) -> bool:
        return self.query.is_empty

    @property
    def simple_tag(self) -> str | None:
        """The tag, when the search is one tag and nothing else."""
        return self.query.simple_tag

    def metatag(self, name: str) -> str | None:
        """The value of this metatag, when the search is that and nothing else."""
        return self.query.metatag(name)

    @property
    def tag_names(self) -> list[str]:
        """The plain tags in it, sorted, as often as they stand there."""
        return self.query.tag_names

    @property
    def limit(self) -> int | None:
        """How many posts a page shall have, when it says so."""
        for term in terms_of(self.query.tree):
            if isinstance(term, Metatag) and term.name in {"limit", "random"} and _is_number(term.value):
                return max(int(term.value), 1)
        return None

    def check_tag_limit(self) -> None:
        """Raises SearchError when there are more terms than the viewer may use."""
        checks.check_tag_limit(self.query, self.searcher.user)

    def posts(self) -> QuerySet[Post]:
        """The posts that it finds, in no order. Raises SearchError."""
        return self._all.filter(self.condition)

    def ordered(self, rows: int = _ROWS) -> QuerySet[Post]:
        """The posts in the order that it asks for; `rows` is how many of them will be read.

        Raises SearchError.
        """
        if self.is_null:
            return Post.objects.none()
        wanted = in_order(self.posts(), self._tree, self.searcher)
        if wanted is not None:
            return wanted
        if self._is_random:
            return self.posts().order_by("?")
        return newest_first(self._all, self.condition, rows, _at_most(self._tree, self.tags))

    def count(self) -> int:
        """How many posts it finds; an estimate where counting would take long. Raises SearchError."""
        self._check()
        return counting.count(self)

    @cached_property
    def tags(self) -> KnownTags:
        return KnownTags.of(self._tree)

    @property
    def _all(self) -> QuerySet[Post]:
        return Post.objects.alias(**COLUMNS)

    @cached_property
    def _tree(self) -> Node:
        own = () if self.query.is_empty else (self.query.tree,)
        return push_negations_down(all_of([*own, *self.implied]) if self.implied else self.query.tree)

    @cached_property
    def condition(self) -> Q:
        """For posts that have the columns of `booru.posts.search.columns`. Raises SearchError."""
        self._check()
        return Translator(self.tags, self.searcher).condition(self._tree)

    def _check(self) -> None:
        checks.check_metatags(SearchQuery(self.text, self._tree))

    @property
    def _is_random(self) -> bool:
        return any(isinstance(term, Metatag) and term.name == "random" for term in terms_of(self._tree))


def _at_most(node: Node, tags: KnownTags) -> int | None:
    """How many posts there can be, as far as the tags tell."""
    match node:
        case Tag() | Wildcard():
            return tags.posts(node)
        case And(children):
            known = [count for child in children if (count := _at_most(child, tags)) is not None]
            return min(known, default=None)
        case Or(children):
            counts = [_at_most(child, tags) for child in children]
            return None if None in counts else sum(count for count in counts if count is not None)
    return None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
