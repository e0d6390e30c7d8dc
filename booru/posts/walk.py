"""Walks through the posts of a search in batches, however many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from booru.models import Post

# Posts in one transaction: enough to share the work, few enough that somebody who edits one hardly waits.
BATCH_SIZE = 500
# Ids that are found at once; a search is repeated for each page, and a page is a few megabytes.
PAGE_SIZE = 50_000


def batches_of_ids(posts: QuerySet[Post], *, after: int = 0, size: int = BATCH_SIZE) -> Iterator[list[int]]:
    """The ids of the posts above `after`, in order, `size` at a time.

    Nothing is locked and no transaction is open in between: what is found may have changed when it is used.
    """
    while page := list(posts.filter(id__gt=after).order_by("id").values_list("id", flat=True)[:PAGE_SIZE]):
        for start in range(0, len(page), size):
            yield page[start : start + size]
        after = page[-1]
        if len(page) < PAGE_SIZE:
            return
