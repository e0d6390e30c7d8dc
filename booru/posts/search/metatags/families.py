"""`parent:` and `child:`: posts that belong to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from booru.models import Post
from booru.posts.search.metatags.registry import metatag
from booru.posts.search.metatags.statuses import status_condition
from booru.search.conditions import NOTHING, number

if TYPE_CHECKING:
    from booru.posts.search.searcher import Searcher
    from booru.search.language.tree import Metatag


def has_children(condition: Q | None = None) -> Q:
    """Has a child, of which the condition is true."""
    return Q(Exists(Post.objects.filter(condition or Q(), parent=OuterRef("pk"))))


@metatag("parent")
def by_parent(term: Metatag, searcher: Searcher) -> Q:
    """`parent:5` is post 5 and its children."""
    word = term.value.lower()
    if word in {"any", "none"}:
        return Q(parent__isnull=word == "none")
    condition = status_condition(word, searcher)
    if condition is not None:
        return Q(Exists(Post.objects.filter(condition, pk=OuterRef("parent"))))
    family = number("pk", word)
    return NOTHING if family is NOTHING else family | number("parent_id", word)


@metatag("child")
def by_child(term: Metatag, searcher: Searcher) -> Q:
    """`child:5` is the parent of post 5."""
    word = term.value.lower()
    if word in {"any", "none"}:
        return has_children() if word == "any" else ~has_children()
    condition = status_condition(word, searcher)
    if condition is not None:
        return has_children(condition)
    children = number("pk", word)
    return NOTHING if children is NOTHING else has_children(children)
