"""Edits the tags of many posts: the same rows come out as if each post had been saved by itself.

A batch is read and locked in the order of ids, edited in Python with its tags, aliases and implications
looked up once, and written back with one statement a table, all in one short transaction. Two editors cannot
deadlock: both lock posts by id, then tags by name, then the user.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from booru.models import Credit, Post, User
from booru.models.tag import TagCategory
from booru.posts.derived_tags import DerivedTags
from booru.posts.invalid_posts import invalid_posts
from booru.posts.journal import Journal, NoJournal
from booru.posts.pace import Pace
from booru.posts.post_rows import lock_rows, write_rows
from booru.posts.tag_counts import adjust_tag_counts
from booru.posts.tag_facts import categories_of, refusals, resolve
from booru.posts.versions import Change, write_versions
from booru.posts.walk import batches_of_ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.db.models import QuerySet

    from booru.models import BulkUpdateRequest
    from booru.posts.journal import SkippedPost
    from booru.posts.post_rows import PostRow
    from booru.posts.tag_edit import TagEdit

MAX_TAGS = 1250


@dataclass(frozen=True, slots=True)
class PostEditor:
    """Edits posts as `user`; the versions are credited to `bulk_update_request`, when there is one."""

    user: User
    bulk_update_request: BulkUpdateRequest | None = None
    # Posts in one transaction; None for as many as take about a tenth of a second.
    batch_size: int | None = None
    journal: Journal = field(default_factory=NoJournal)

    @property
    def credit(self) -> Credit:
        return Credit(self.user, self.bulk_update_request)

    def edit(
        self,
        posts: QuerySet[Post],
        edit: TagEdit,
        *,
        only_tagged: str | None = None,
        is_resumable: bool = False,
        skips_invalid: bool = False,
    ) -> int:
        """Edit every post that is found, one transaction a batch; returns how many changed.

        With only_tagged, a post that has lost this tag since it was found is left alone. A resumable walk
        goes on where the journal says that it was interrupted; for one whose posts are not found again once
        they are edited, that is of no use. Raises ValidationError for a post that cannot be saved; earlier
        batches stay saved, that one's does not. With skips_invalid such a post is left as it is, and the
        journal is told.
        """
        after = self.journal.resume_after if is_resumable else 0
        self.journal.expect(posts.filter(id__gt=after).count())
        changed = 0
        pace = Pace(self.batch_size)
        for ids in batches_of_ids(posts, pace, after=after):
            with pace.timed(), transaction.atomic():
                if skips_invalid:
                    changed_here, skipped = self._edit_valid(ids, edit, only_tagged)
                else:
                    changed_here, skipped = self.edit_batch(ids, edit, only_tagged=only_tagged), []
                self.journal.batch_done(ids[-1] if is_resumable else 0, len(ids), changed_here, skipped)
            changed += changed_here
        return changed

    def _edit_valid(
        self, post_ids: Sequence[int], edit: TagEdit, only_tagged: str | None
    ) -> tuple[int, list[SkippedPost]]:
        """Edit the posts of a batch that can be saved; returns how many changed, and the others."""

        def edit_posts(ids: Sequence[int]) -> int:
            return self.edit_batch(ids, edit, only_tagged=only_tagged)

        try:
            with transaction.atomic():
                return edit_posts(post_ids), []
        except ValidationError:
            skipped = invalid_posts(post_ids, edit_posts)
        left_out = {post.post_id for post in skipped}
        return edit_posts([post_id for post_id in post_ids if post_id not in left_out]), skipped

    def edit_post(self, post: Post, edit: TagEdit) -> None:
        """Edit one post; the object that was given shows it."""
        self.edit_batch([post.pk], edit)
        post.refresh_from_db()

    @transaction.atomic
    def edit_batch(self, post_ids: Iterable[int], edit: TagEdit, *, only_tagged: str | None = None) -> int:
        """Edit these posts in one transaction; returns how many changed."""
        rows = [row for row in lock_rows(post_ids) if only_tagged is None or only_tagged in row.tags]
        return self.save(self._changes(rows, edit))

    @transaction.atomic
    def save(self, changes: Sequence[Change]) -> int:
        """Write these changes of posts that are locked; returns how many posts got a version."""
        now = timezone.now()
        write_rows([change.after for change in changes if change.after != change.before], now)
        retagged = [change for change in changes if change.added or change.removed]
        if retagged:
            write_versions(retagged, self.user, self.bulk_update_request, now)
            adjust_tag_counts(_differences(retagged))
            # Last, because everybody who acts as this user waits for it.
            user = User.objects.filter(pk=self.user.pk)
            user.update(post_update_count=F("post_update_count") + len(retagged))
        return len(retagged)

    def changes_to(self, rows: Sequence[PostRow], tags: Mapping[int, frozenset[str]]) -> list[Change]:
        """The changes that give each post, by its id, these tags and what follows from them."""
        derived = DerivedTags.of(frozenset().union(*tags.values()))
        after = {row.id: derived.add_to(tags[row.id]) for row in rows}
        for row in rows:
            _check(row, after[row.id])
        categories = categories_of(frozenset().union(*after.values()), self.user)
        special = {name: category for name, category in categories.items() if category != TagCategory.GENERAL}
        return [Change(row, row.with_tags(after[row.id], special)) for row in rows]

    def _changes(self, rows: Sequence[PostRow], edit: TagEdit) -> list[Change]:
        resolved = resolve(edit)
        resolved = resolved.without(refusals(resolved))
        return self.changes_to(rows, {row.id: resolved.apply(row.tags) for row in rows})


def _check(row: PostRow, tags: frozenset[str]) -> None:
    if len(tags) > MAX_TAGS and tags != row.tags:
        raise ValidationError(f"Post cannot have more than {MAX_TAGS} tags (post #{row.id})")


def _differences(changes: Iterable[Change]) -> dict[str, int]:
    """How many more posts each tag has."""
    differences: dict[str, int] = {}
    for change in changes:
        for names, difference in ((change.added, 1), (change.removed, -1)):
            for name in names:
                differences[name] = differences.get(name, 0) + difference
    return differences
