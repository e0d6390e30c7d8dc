"""Words in the search of a mass update that it would not heed, or that can never be true.

Danbooru leaves them aside and says nothing, so that `a limit:2` is every post with a.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.bulk_update.words.unknown_names import names_of_no_tag
from booru.models import Post
from booru.posts.search import SearchError
from booru.posts.search.checks import check_metatags
from booru.posts.search.metatags.files import FILE_TYPES
from booru.posts.search.metatags.registry import condition_of
from booru.posts.search.searcher import Searcher
from booru.search.conditions import NOTHING
from booru.search.language import SearchQuery
from booru.search.language.rewriting import push_negations_down
from booru.search.language.tree import And, Metatag, Not, Or, terms_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Q

    from booru.bulk_update.checking.picture import Picture
    from booru.search.language.tree import Node

_CONTROLS = {"order", "limit", "random"}
# They find what these find, in another order.
_ORDERED = {"ordfav": "fav", "ordfavgroup": "favgroup", "ordpool": "pool"}
# A mass update searches as an anonymous visitor, who has none and may see nobody's.
_PRIVATE = {"search", "upvote", "downvote"}
# What they name may be made later.
_REFERENCES = {"user", "approver", "fav", "favgroup", "pool"}


def search_problem(query: SearchQuery, picture: Picture) -> str:
    """The first thing that is wrong with the words of a search that can be read; "" when nothing is."""
    return next(_problems(query, picture), "")


def _problems(query: SearchQuery, picture: Picture) -> Iterator[str]:
    # Under any of its names a tag is the same.
    tree = push_negations_down(picture.with_aliases(query).tree)
    try:
        check_metatags(SearchQuery(query.text, tree))
    except SearchError as error:
        yield str(error)
    for term in terms_of(tree):
        if isinstance(term, Metatag) and (problem := _metatag_problem(term)):
            yield problem
    yield from _contradictions(tree)
    yield from names_of_no_tag(query.tag_names, picture)


def _metatag_problem(term: Metatag) -> str:
    if term.name in _CONTROLS:
        return f"{term} can't be used here: every post that is found is edited"
    if term.name in _ORDERED:
        return f"{term} can't be used here, because posts are edited in no order: use {_ORDERED[term.name]}:"
    if term.name in _PRIVATE:
        return f"{term} finds nothing here: the search is an anonymous visitor's"
    if term.name not in _REFERENCES and _means_nothing(term):
        return f"{term} finds nothing"
    return ""


def _means_nothing(term: Metatag) -> bool:
    words = [word.strip() for word in term.value.lower().split(",")]
    if term.name == "rating":
        return not all(word[:1] in Post.Rating.values for word in words)
    if term.name == "filetype":
        return not FILE_TYPES.issuperset(words)
    return _is_nothing(condition_of(term, Searcher(None)))


def _is_nothing(condition: Q) -> bool:
    is_all_of = condition.connector == condition.AND and not condition.negated
    return condition is NOTHING or (is_all_of and NOTHING.children[0] in condition.children)


def _contradictions(node: Node) -> Iterator[str]:
    """Groups that nothing can fit, in a tree in which only single terms are negated."""
    if not isinstance(node, And | Or):
        return
    if isinstance(node, And):
        wanted = set(node.children)
        for child in node.children:
            if isinstance(child, Not) and child.child in wanted:
                yield f"nothing is both {child.child} and {child}"
    for child in node.children:
        yield from _contradictions(child)
