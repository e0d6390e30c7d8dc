"""`source:`: where a post's picture comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from booru.posts.search.metatags.registry import metatag

if TYPE_CHECKING:
    from booru.posts.search.searcher import Searcher
    from booru.search.language.tree import Metatag


@metatag("source")
def by_source(term: Metatag, searcher: Searcher) -> Q:  # noqa: ARG001
    """How it begins, in any case of letters; stars stand for anything."""
    is_none = term.value.lower() == "none" and not term.is_quoted
    return Q(source="") if is_none or not term.value else Q(source__matches=f"{term.value}*")
