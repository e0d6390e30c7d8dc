"""How many children a post has, and in how many pools it is: `child_count:>2`, `active_pool_count:0`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.posts.search.columns import COUNTED
from booru.posts.search.metatags.registry import metatag
from booru.search.conditions import number

if TYPE_CHECKING:
    from django.db.models import Q

    from booru.posts.search.searcher import Searcher
    from booru.search.language.tree import Metatag


@metatag(*COUNTED)
def by_count(term: Metatag, searcher: Searcher) -> Q:  # noqa: ARG001
    return number(term.name, term.value)
