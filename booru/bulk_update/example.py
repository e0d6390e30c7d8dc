"""A few posts before and after an edit, for the dry run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from booru.models import Post
from booru.posts.editing.editor import PostEditor

if TYPE_CHECKING:
    from booru.bulk_update.kinds.command import PlannedEdit
    from booru.models import User

_OTHER_FIELDS = ("rating", "source", "parent_id", "is_pending", "is_flagged", "is_deleted", "is_banned")


@dataclass(frozen=True, slots=True)
class Example:
    """What would change on one post: tags, and other fields as (name, before, after)."""

    post_id: int
    tag_count: int
    added: list[str]
    removed: list[str]
    others: list[tuple[str, str, str]]

    @property
    def is_unchanged(self) -> bool:
        return not (self.added or self.removed or self.others)


def examples_of(edit: PlannedEdit, user: User, number: int) -> list[Example]:
    """Edit so many of the posts for real. To be called in a transaction that is rolled back."""
    ids = list(edit.posts.values_list("pk", flat=True)[:number])
    before = Post.objects.in_bulk(ids)
    PostEditor(user).edit(Post.objects.filter(pk__in=ids), edit.edit)
    after = Post.objects.in_bulk(ids)
    return [_compare(before[pk], after[pk]) for pk in sorted(ids)]


def _compare(before: Post, after: Post) -> Example:
    old, new = set(before.tags), set(after.tags)
    others = [(name, str(getattr(before, name)), str(getattr(after, name))) for name in _OTHER_FIELDS]
    changed = [(name, was, now) for name, was, now in others if was != now]
    return Example(before.pk, len(old), sorted(new - old), sorted(old - new), changed)
