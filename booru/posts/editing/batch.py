"""One batch of posts: locked, worked out, written, and what it was not possible to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.posts.actions.child_actions import concerns_family, move_children, relatives_of
from booru.posts.actions.family import Family
from booru.posts.actions.metatag_actions import Problem, carry_out
from booru.posts.editing.drafts import Draft, changes_of, complete
from booru.posts.editing.edit_result import EditResult, InvalidPost
from booru.posts.editing.edit_warnings import edit_warnings
from booru.posts.editing.tag_facts import Refusals, bad_names, resolve
from booru.posts.post_fields import FieldEdit, apply_metatags, post_id_of
from booru.posts.post_rows import lock_rows
from booru.posts.walking.journal import SkippedPost

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from booru.models.tags.tag import TagCategory
    from booru.posts.editing.editor import PostEditor
    from booru.posts.post_rows import PostRow
    from booru.posts.tag_edits.tag_edit import ResolvedEdit, TagEdit


class Batch:
    """Posts that get the same edit in one transaction, which is the caller's."""

    def __init__(
        self,
        editor: PostEditor,
        post_ids: Sequence[int],
        edit: TagEdit,
        fields: FieldEdit | None = None,
        *,
        only_tagged: str | None = None,
        skips_invalid: bool = False,
    ) -> None:
        self._editor = editor
        self._post_ids = post_ids
        self._edit = edit
        self._fields = fields or FieldEdit()
        self._only_tagged = only_tagged
        self._skips_invalid = skips_invalid
        self._skipped: list[SkippedPost] = []
        self._problems: list[Problem] = []

    def save(self) -> EditResult:
        """Raises InvalidPost for a post that cannot be saved, unless such posts are skipped."""
        rows, locked = self._lock()
        resolved = resolve(self._edit)
        refusals = Refusals.of(resolved)
        edited = drafts = self._valid_drafts(rows, resolved.without(refusals.names))
        if self._concerns_family:
            edited, drafts = self._settle_family(drafts, locked)
        # When no post is saved, no tag gets its category either.
        categories = dict(self._edit.categories) if edited else {}
        wrong_names = bad_names(categories)
        changed = self._write(
            drafts, {name: categories[name] for name in categories.keys() - wrong_names.keys()}
        )
        ids = [draft.before.id for draft in edited]
        self._problems += carry_out(self._editor.credit, ids, self._edit.actions)
        # Last, because everybody who acts as this user waits for it.
        self._editor.count(changed)
        warnings = [*map(str, self._problems)]
        if len(edited) == 1:
            warnings = edit_warnings(self._edit, resolved, refusals, wrong_names, edited[0]) + warnings
        return EditResult(changed, tuple(warnings), (*self._skipped, *self._undone(ids)))

    def _valid_drafts(self, rows: Sequence[PostRow], edit: ResolvedEdit) -> list[Draft]:
        drafts = complete([Draft(row, self._with_fields(row), edit.apply(row.tags)) for row in rows])
        return [draft for draft in drafts if self._is_valid(draft, draft.errors)]

    def _write(self, drafts: Sequence[Draft], categories: Mapping[str, TagCategory]) -> int:
        return self._editor.write(changes_of(drafts, self._editor.user, categories))

    def _lock(self) -> tuple[list[PostRow], list[PostRow]]:
        """The posts that get the edit, and all that are locked."""
        others = relatives_of(self._post_ids, self._edit) if self._concerns_family else []
        if parent_id := post_id_of((self._fields.parent or "").strip()):
            others.append(parent_id)
        rows = everything = lock_rows([*self._post_ids, *others])
        if others:
            wanted = set(self._post_ids)
            rows = [row for row in everything if row.id in wanted]
        if self._only_tagged is not None:
            rows = [row for row in rows if self._only_tagged in row.tags]
        return rows, everything

    @property
    def _concerns_family(self) -> bool:
        return self._fields.parent is not None or concerns_family(self._edit)

    def _with_fields(self, row: PostRow) -> PostRow:
        return apply_metatags(self._fields.apply(row), self._edit.fields)

    def _is_valid(self, draft: Draft, errors: dict[str, list[str]]) -> bool:
        if not errors:
            return True
        invalid = InvalidPost(draft.before.id, errors)
        if not self._skips_invalid:
            raise invalid
        self._skipped.append(SkippedPost(draft.before.id, "; ".join(invalid.sentences)))
        return False

    def _settle_family(
        self, drafts: Sequence[Draft], locked: Sequence[PostRow]
    ) -> tuple[list[Draft], list[Draft]]:
        """Find the parents, one edit after the other: the drafts that are valid, and all there are then."""
        family = Family.of(row.id for row in locked)
        valid = []
        for draft in drafts:
            post_id = draft.before.id
            current = draft.before._replace(parent_id=family.parent_of(post_id))
            problem = family.move(post_id, self._with_fields(current).parent_id)
            if self._is_valid(draft, {"__all__": [problem]} if problem else {}):
                valid.append(draft)
                self._problems += move_children(family, post_id, locked, self._edit.actions)
        settled = [_with_parent(draft, family) for draft in valid]
        edited = {draft.before.id for draft in valid}
        moved = [Draft(row, row, row.tags) for row in locked if row.id not in edited]
        moved = [_with_parent(draft, family) for draft in moved]
        moved = [draft for draft in moved if draft.after.parent_id != draft.before.parent_id]
        everything = sorted([*settled, *complete(moved)], key=lambda draft: draft.before.id)
        return settled, everything

    def _undone(self, post_ids: Sequence[int]) -> list[SkippedPost]:
        """A post for which a metatag was not carried out was not edited as asked."""
        return [
            SkippedPost(post_id, str(problem))
            for problem in self._problems
            for post_id in ([problem.post_id] if problem.post_id else post_ids)
        ]


def _with_parent(draft: Draft, family: Family) -> Draft:
    parent_id = family.parent_of(draft.before.id)
    return Draft(draft.before, draft.after._replace(parent_id=parent_id), draft.tags)
