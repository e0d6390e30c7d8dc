"""Metatags that compare a number or a time of the post itself: `id:`, `score:>5`, `age:<1w`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.posts.search.metatags.registry import metatag
from booru.search.conditions import date, number

if TYPE_CHECKING:
    from django.db.models import Q

    from booru.posts.search.searcher import Searcher
    from booru.search.language.tree import Metatag

# The columns; `downvotes` is worked out (see booru/posts/search/columns.py).
NUMBERS = {
    "id": "id",
    "score": "score",
    "upvotes": "up_score",
    "downvotes": "downvotes",
    "favcount": "fav_count",
    "width": "image_width",
    "height": "image_height",
    "tagcount": "tag_count",
    "gentags": "tag_count_general",
    "arttags": "tag_count_artist",
    "copytags": "tag_count_copyright",
    "chartags": "tag_count_character",
    "metatags": "tag_count_meta",
}


@metatag(*NUMBERS)
def by_number(term: Metatag, searcher: Searcher) -> Q:  # noqa: ARG001
    return number(NUMBERS[term.name], term.value)


@metatag("date", "age")
def by_time(term: Metatag, searcher: Searcher) -> Q:  # noqa: ARG001
    return date("created_at", term.value)
