"""Takes back what a request did to posts, in batches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction

from booru.posts.walking.pace import Pace
from booru.services.revert.post_batch import PostBatch

if TYPE_CHECKING:
    from booru.models import BulkUpdateRequestRevert
    from booru.posts.editing.editor import PostEditor

_COUNT = """
    SELECT count(DISTINCT post_id) FROM post_versions WHERE bulk_update_request_id = %s AND post_id > %s
"""
_NEXT = """
    SELECT DISTINCT post_id FROM post_versions WHERE bulk_update_request_id = %s AND post_id > %s
    ORDER BY post_id LIMIT %s
"""


def undo_posts(revert: BulkUpdateRequestRevert, editor: PostEditor) -> None:
    """Give each post back what the request changed, and leave what others have changed since."""
    request_id = revert.bulk_update_request_id
    pace = Pace(editor.batch_size)
    revert.expect(_count(request_id, revert.resume_after))
    while ids := _next_ids(request_id, revert.resume_after, pace.size):
        with pace.timed(), transaction.atomic():
            changed = PostBatch(revert, editor, ids).undo()
            revert.batch_done(ids[-1], len(ids), changed)


def _count(request_id: int, after: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [request_id, after])
        return int(cursor.fetchone()[0])


def _next_ids(request_id: int, after: int, number: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [request_id, after, number])
        return [post_id for (post_id,) in cursor.fetchall()]
