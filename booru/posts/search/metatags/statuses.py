"""`status:` and `rating:`; other metatags share their words (behaviour D.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from booru.models import Post
from booru.posts.search.metatags.registry import metatag
from booru.search.conditions import NOTHING

if TYPE_CHECKING:
    from booru.posts.search.searcher import Searcher
    from booru.search.language.tree import Metatag

_STATUSES = {
    "pending": Q(is_pending=True),
    "flagged": Q(is_flagged=True),
    # Nobody can appeal here.
    "appealed": NOTHING,
    "modqueue": Q(is_pending=True) | Q(is_flagged=True),
    "deleted": Q(is_deleted=True),
    "banned": Q(is_banned=True),
    "active": Q(is_pending=False, is_deleted=False, is_flagged=False),
    "all": Q(),
    "any": Q(),
}
_RATINGS = {rating.value: Q(rating=rating) for rating in Post.Rating}


@metatag("status")
def by_status(term: Metatag, searcher: Searcher) -> Q:
    condition = status_condition(term.value, searcher)
    return NOTHING if condition is None else condition


def status_condition(word: str, searcher: Searcher) -> Q | None:
    """None when the word is no status."""
    word = word.lower()
    if word != "unmoderated":
        return _STATUSES.get(word)
    # Nobody moderates their own posts.
    own = Q(uploader=searcher.user) if searcher.user else Q(pk__in=[])
    return _STATUSES["modqueue"] & ~own


@metatag("rating")
def by_rating(term: Metatag, searcher: Searcher) -> Q:  # noqa: ARG001
    letters = {rating.strip()[:1].lower() for rating in term.value.split(",")}
    return Q(rating__in=sorted(letters & _RATINGS.keys()))
