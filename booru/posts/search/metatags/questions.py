"""`is:` and `has:`: questions that a post answers with yes or no."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from booru.models import Post
from booru.posts.search.metatags.families import has_children
from booru.posts.search.metatags.files import FILE_TYPES
from booru.posts.search.metatags.pools import pools
from booru.posts.search.metatags.registry import metatag
from booru.posts.search.metatags.statuses import status_condition
from booru.search.conditions import NOTHING
from booru.search.language.tree import Metatag

if TYPE_CHECKING:
    from booru.posts.search.searcher import Searcher

_RATINGS = {
    **{rating.name.lower(): Q(rating=rating) for rating in Post.Rating},
    "sfw": Q(rating__in=["g", "s"]),
    "nsfw": Q(rating__in=["q", "e"]),
    "safe": Q(rating="s"),
}


@metatag("is")
def by_kind(term: Metatag, searcher: Searcher) -> Q:
    """Posts are not shown on wiki pages here, so `is:wiki_image` matches nothing."""
    word = term.value.lower()
    if word == "parent":
        return has_children()
    if word == "child":
        return Q(parent__isnull=False)
    if word in FILE_TYPES:
        return Q(file_ext=word)
    condition = status_condition(word, searcher)
    return _RATINGS.get(word, NOTHING) if condition is None else condition


@metatag("has")
def by_possession(term: Metatag, searcher: Searcher) -> Q:
    """There are no appeals, flags, replacements, comments, commentary or notes here: nothing has them."""
    match term.value.lower():
        case "parent":
            return Q(parent__isnull=False)
        case "child" | "children":
            return has_children()
        case "source":
            return ~Q(source="")
        case "pools":
            return pools(Metatag("pool", "any"), searcher)
    return NOTHING
