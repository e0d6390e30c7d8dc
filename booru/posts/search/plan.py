"""Finds the first posts of many quickly: PostgreSQL cannot know how often several tags go together.

Either the newest posts are walked through until enough of them fit, which is right for what is frequent; or
all that fit are fetched from the tag index and sorted, which is right for what is rare. The wrong choice
takes seconds on a million posts, so a look at the newest posts decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import BooleanField, Case, F, Q, Value, When

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from booru.models import Post

# So few are fetched without a look.
FEW = 2000
# How many of the newest posts are looked at.
_SAMPLE = 2500
# One that is fetched costs so many that are walked through: it is somewhere else on the disk.
_FETCH_COST = 2


def newest_first(posts: QuerySet[Post], condition: Q, rows: int, at_most: int | None) -> QuerySet[Post]:
    """Those of the posts that meet the condition, the newest first.

    `rows` is how many of them will be read, `at_most` how many there can be; None when nobody knows.
    """
    if at_most is None:
        return posts.filter(condition).order_by("-id")
    if at_most > FEW and _is_walk_shorter(posts, condition, rows, at_most):
        return _walked(posts, condition)
    # Not quite the id: so its index, and with it the walk, is of no use.
    return posts.filter(condition).order_by((F("id") + 0).desc())


def _is_walk_shorter(posts: QuerySet[Post], condition: Q, rows: int, at_most: int) -> bool:
    newest = posts.order_by("-id")
    last_id = newest.values_list("id", flat=True).first() or 0
    sample = posts.filter(pk__in=newest.values("pk")[:_SAMPLE])
    hits = _walked(sample, condition).order_by().count()
    if not hits:
        return False
    walked = rows * _SAMPLE / hits
    fetched = min(at_most, last_id * hits / _SAMPLE)
    return walked < fetched * _FETCH_COST


def _walked(posts: QuerySet[Post], condition: Q) -> QuerySet[Post]:
    """Filtered in a way that the tag index cannot help with."""
    fits = Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())
    return posts.filter(fits).order_by("-id")
