"""One batch of posts of which a request's edits are taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.models import TagAlias
from booru.posts.actions.family import Family
from booru.posts.editing.drafts import Draft, changes_of, complete
from booru.posts.editing.edit_result import InvalidPost
from booru.posts.post_rows import lock_rows
from booru.services.revert.post_history import PostBefore, edits_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from booru.models import BulkUpdateRequestRevert
    from booru.posts.editing.editor import PostEditor
    from booru.posts.post_rows import PostRow


class PostBatch:
    """In one transaction, which is the caller's. What cannot be undone is noted."""

    def __init__(self, revert: BulkUpdateRequestRevert, editor: PostEditor, post_ids: Sequence[int]) -> None:
        self._note = revert.note
        self._editor = editor
        self._edits = edits_of(revert.bulk_update_request_id, post_ids)

    def undo(self) -> int:
        """Returns how many posts changed."""
        locked = lock_rows({*self._edits, *self._former_parents()})
        rows = [row for row in locked if row.id in self._edits]
        before = {row.id: PostBefore.of(row, self._edits[row.id]) for row in rows}
        self._leave_aliases(rows, before)
        self._leave_bad_parents(rows, before, locked)
        drafts = complete([_draft(row, before[row.id]) for row in rows])
        valid = [draft for draft in drafts if self._is_valid(draft)]
        for draft in valid:
            self._tell_what_stays(draft, before[draft.before.id])
        return self._editor.save(changes_of(valid, self._editor.user))

    def _former_parents(self) -> set[int]:
        """They are locked as well, in the same order as by everybody."""
        parents = [edit.parents for edits in self._edits.values() for edit in edits]
        return {old for old, new in parents if old is not None and old != new}

    def _leave_aliases(self, rows: Sequence[PostRow], before: Mapping[int, PostBefore]) -> None:
        """Names that stand for other tags now are not added back."""
        added = {row.id: before[row.id].tags - row.tags for row in rows}
        targets = TagAlias.objects.targets(frozenset().union(*added.values()))
        for row in rows:
            for name in sorted(added[row.id] & targets.keys()):
                before[row.id].tags.discard(name)
                alias = f"which is an alias of [[{targets[name]}]] now"
                self._note(f"post #{row.id} does not get [[{name}]] back, {alias}")

    def _leave_bad_parents(
        self, rows: Sequence[PostRow], before: Mapping[int, PostBefore], locked: Sequence[PostRow]
    ) -> None:
        """A parent that a post may not have any more is not given back."""
        moved = [row for row in rows if row.parent_id != before[row.id].parent_id]
        if not moved:
            return
        family = Family.of(row.id for row in locked)
        for row in moved:
            if problem := family.move(row.id, before[row.id].parent_id):
                before[row.id].parent_id = row.parent_id
                self._note(f"post #{row.id} does not get its former parent back: {problem}")

    def _is_valid(self, draft: Draft) -> bool:
        if errors := draft.errors:
            reasons = "; ".join(InvalidPost(draft.before.id, errors).sentences)
            self._note(f"post #{draft.before.id} stays as it is: {reasons}")
        return not errors

    def _tell_what_stays(self, draft: Draft, before: PostBefore) -> None:
        if stays := (draft.before.tags & draft.tags) - before.tags:
            links = ", ".join(f"[[{name}]]" for name in sorted(stays))
            self._note(f"post #{draft.before.id} keeps {links}, which its other tags or its file imply")
        for name in sorted(before.kept_fields):
            self._note(
                f"post #{draft.before.id} keeps its {name.removesuffix('_id')}, which was changed since"
            )


def _draft(row: PostRow, before: PostBefore) -> Draft:
    after = row._replace(rating=before.rating, source=before.source, parent_id=before.parent_id)
    return Draft(row, row if after == row else after, frozenset(before.tags))
