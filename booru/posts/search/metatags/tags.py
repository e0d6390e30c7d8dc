"""`unaliased:`: a tag by exactly this name, which may be one that aliases turn into another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from booru.posts.search.metatags.registry import metatag

if TYPE_CHECKING:
    from booru.posts.search.searcher import Searcher
    from booru.search.language.tree import Metatag


@metatag("unaliased")
def unaliased(term: Metatag, searcher: Searcher) -> Q:  # noqa: ARG001
    return Q(tag_array__contains=["_".join(term.value.lower().split())])
