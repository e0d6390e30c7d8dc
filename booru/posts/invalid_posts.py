"""Tells which posts of a batch cannot be saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction

from booru.posts.journal import SkippedPost
from booru.posts.post_rows import lock_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def invalid_posts(post_ids: Sequence[int], edit_posts: Callable[[Sequence[int]], int]) -> list[SkippedPost]:
    """The posts on which the edit raises ValidationError; nothing is changed.

    Each is tried by itself, and its locks on tags and the user are given back: kept, they would be taken in
    another order than everybody else's. The posts stay locked.
    """
    lock_rows(post_ids)
    problems = {post_id: _problem(edit_posts, post_id) for post_id in post_ids}
    return [SkippedPost(post_id, problem) for post_id, problem in problems.items() if problem]


def _problem(edit_posts: Callable[[Sequence[int]], int], post_id: int) -> str:
    try:
        with transaction.atomic():
            edit_posts([post_id])
            transaction.set_rollback(True)
    except ValidationError as error:
        return "; ".join(error.messages)
    return ""
