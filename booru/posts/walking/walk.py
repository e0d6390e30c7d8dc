"""Walks through the posts of a search in batches, however many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from booru.models import Post
    from booru.posts.walking.pace import Pace

# Ids that are found at once; a search is repeated for each page, and a page is a few megabytes.
PAGE_SIZE = 100_000
# Sorted after they are found by their tags. In the order of the index itself, PostgreSQL expects to find the
# posts of a common tag sooner by looking at one post after the other, which takes many times as long.
_ORDER = F("id") + 0


def batches_of_ids(posts: QuerySet[Post], pace: Pace, *, after: int = 0) -> Iterator[list[int]]:
    """The ids of the posts above `after`, in order, as many at a time as the pace says then.

    Nothing is locked and no transaction is open in between: what is found may have changed when it is used.
    """
    while page := list(posts.filter(id__gt=after).order_by(_ORDER).values_list("id", flat=True)[:PAGE_SIZE]):
        start = 0
        while batch := page[start : start + pace.size]:
            start += len(batch)
            yield batch
        after = page[-1]
        if len(page) < PAGE_SIZE:
            return
