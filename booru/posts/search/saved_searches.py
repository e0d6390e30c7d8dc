"""`search:`: what the searches that somebody saved find; `search:all`, or those with a label."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from booru.models import SavedSearch
from booru.posts.search.errors import SearchError
from booru.posts.search.metatags.registry import metatag
from booru.posts.search.post_search import PostSearch
from booru.search.conditions import NOTHING

if TYPE_CHECKING:
    from booru.posts.search.searcher import Searcher
    from booru.search.language.tree import Metatag

# The oldest of them; more would make a search too long.
_MAX_SEARCHES = 100


@metatag("search")
def by_saved_searches(term: Metatag, searcher: Searcher) -> Q:
    """Only one's own. They search as an anonymous visitor, so that one cannot contain itself."""
    if searcher.user is None:
        return NOTHING
    saved = SavedSearch.objects.filter(user=searcher.user).order_by("id")
    label = "_".join(term.value.lower().split())
    if label != "all":
        saved = saved.filter(labels__contains=[label])
    condition = NOTHING
    for query in saved.values_list("query", flat=True)[:_MAX_SEARCHES]:
        condition |= _condition(query)
    return condition


def _condition(query: str) -> Q:
    search = PostSearch(query)
    # An empty condition would vanish among the others instead of finding everything.
    try:
        return search.condition or Q(pk__gte=0)
    except SearchError:
        return NOTHING
