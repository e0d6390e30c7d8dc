"""Takes back what a request did to posts, in batches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction

from booru.models import TagAlias
from booru.posts.pace import Pace
from booru.posts.post_rows import lock_rows
from booru.services.revert.post_history import PostBefore, edits_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from booru.models import BulkUpdateRequestRevert
    from booru.posts.editor import PostEditor
    from booru.posts.post_rows import PostRow

_COUNT = (
    "SELECT count(DISTINCT post_id) FROM post_versions WHERE bulk_update_request_id = %s AND post_id > %s"
)
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
            changed = _undo_batch(revert, editor, ids)
            revert.batch_done(ids[-1], len(ids), changed)


def _undo_batch(revert: BulkUpdateRequestRevert, editor: PostEditor, ids: Sequence[int]) -> int:
    rows = lock_rows(ids)
    edits = edits_of(revert.bulk_update_request_id, ids)
    before = {row.id: PostBefore.of(row, edits[row.id]) for row in rows}
    for problem in _leave_aliases(rows, before):
        revert.note(problem)
    changes = editor.changes_to(rows, {row.id: frozenset(before[row.id].tags) for row in rows})
    for change in changes:
        wanted = before[change.before.id].tags
        if still_there := (change.before.tags & change.after.tags) - wanted:
            revert.note(f"post #{change.after.id} keeps {_links(still_there)}, which its other tags imply")
    return editor.save(changes)


def _leave_aliases(rows: Sequence[PostRow], before: Mapping[int, PostBefore]) -> Iterator[str]:
    """Do not add names back that stand for other tags now; says which."""
    added = {row.id: before[row.id].tags - row.tags for row in rows}
    targets = TagAlias.objects.targets(frozenset().union(*added.values()))
    for row in rows:
        for name in sorted(added[row.id] & targets.keys()):
            before[row.id].tags.discard(name)
            yield f"post #{row.id} does not get [[{name}]] back, which is an alias of [[{targets[name]}]] now"


def _links(names: frozenset[str]) -> str:
    return ", ".join(f"[[{name}]]" for name in sorted(names))


def _count(request_id: int, after: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [request_id, after])
        return int(cursor.fetchone()[0])


def _next_ids(request_id: int, after: int, number: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [request_id, after, number])
        return [post_id for (post_id,) in cursor.fetchall()]
