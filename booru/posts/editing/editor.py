"""Edits the tags of many posts: the same rows come out as if each post had been saved by itself.

A batch is read and locked in the order of ids, edited in Python with its tags, aliases and implications
looked up once, and written back with one statement a table, all in one short transaction. Two editors cannot
deadlock: both lock posts by id, then tags by name, then the user.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from booru.models import Credit, Post, User
from booru.posts.editing.batch import Batch
from booru.posts.editing.drafts import Draft, changes_of, complete
from booru.posts.editing.edit_result import EditResult, InvalidPost
from booru.posts.post_rows import write_counts, write_fields, write_rows
from booru.posts.tag_counts import adjust_tag_counts
from booru.posts.tag_edits.edit_limits import limit_terms
from booru.posts.versions import Change, write_versions
from booru.posts.walking.journal import Journal, NoJournal
from booru.posts.walking.pace import BATCH_SIZE, Pace
from booru.posts.walking.side_by_side import Frontier, work_off
from booru.posts.walking.walk import batches_of_ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from django.db.models import QuerySet

    from booru.models import BulkUpdateRequest
    from booru.posts.post_fields import FieldEdit
    from booru.posts.post_rows import PostRow
    from booru.posts.tag_edits.tag_edit import TagEdit


@dataclass(frozen=True, slots=True)
class PostEditor:
    """Edits posts as `user`; the versions are credited to `bulk_update_request`, when there is one."""

    user: User
    bulk_update_request: BulkUpdateRequest | None = None
    # Posts in one transaction; None for as many as the Pace says.
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
        batches stay saved, that one's does not. With skips_invalid such a post is left out instead, and the
        journal is told.
        """
        after = self.journal.resume_after if is_resumable else 0
        expected = posts.filter(id__gt=after).count()
        self.journal.expect(expected)
        pace, frontier, journal = Pace(self.batch_size), Frontier(after), threading.Lock()

        def batches() -> Iterator[list[int]]:
            for ids in batches_of_ids(posts, pace, after=after):
                frontier.begin(ids[-1])
                yield ids

        def edit_batch(ids: list[int]) -> int:
            with pace.timed(), transaction.atomic():
                result = self.edit_batch(ids, edit, only_tagged=only_tagged, skips_invalid=skips_invalid)
                with journal:
                    last_id = frontier.with_done(ids[-1]) if is_resumable else 0
                    self.journal.batch_done(last_id, len(ids), result.changed, result.skipped)
            frontier.end(ids[-1])
            return result.changed

        return work_off(batches(), edit_batch, in_threads=self._may_use_threads(edit, expected))

    def _may_use_threads(self, edit: TagEdit, posts: int) -> bool:
        """Only where no other thread's batch is touched, and no transaction hides what was done before."""
        return edit.is_about_tags_alone and posts > 2 * BATCH_SIZE and not connection.in_atomic_block

    def edit_post(self, post: Post, edit: TagEdit, fields: FieldEdit | None = None) -> EditResult:
        """Edit one post; the object that was given shows it.

        Raises ValidationError, with the fields, for a post that cannot be saved.
        """
        limit_terms(edit)
        with transaction.atomic():
            result = Batch(self, [post.pk], edit, fields).save()
        post.refresh_from_db()
        return result

    @transaction.atomic
    def edit_batch(
        self,
        post_ids: Sequence[int],
        edit: TagEdit,
        *,
        only_tagged: str | None = None,
        skips_invalid: bool = False,
    ) -> EditResult:
        """Edit these posts in one transaction; see `edit`."""
        batch = Batch(self, post_ids, edit, only_tagged=only_tagged, skips_invalid=skips_invalid)
        try:
            return batch.save()
        except InvalidPost as invalid:
            named = [f"{sentence} (post #{invalid.post_id})" for sentence in invalid.sentences]
            raise ValidationError(named) from invalid

    @transaction.atomic
    def save(self, changes: Sequence[Change]) -> int:
        """Write these changes of posts that are locked; returns how many posts got a version."""
        changed = self.write(changes)
        self.count(changed)
        return changed

    def write(self, changes: Sequence[Change]) -> int:
        """As `save`, but for who counts the edits later: everybody who acts as this user waits for that."""
        now = timezone.now()
        write_fields([change.after for change in changes if change.has_new_fields], now)
        write_rows([change.after for change in changes if change.has_new_tags], now)
        write_counts([change.after for change in changes if change.has_new_counts], now)
        versioned = [change for change in changes if change.needs_version]
        if versioned:
            write_versions(versioned, self.user, self.bulk_update_request, now)
            adjust_tag_counts(_differences(versioned))
        return len(versioned)

    def count(self, changed: int) -> None:
        """The user changed so many posts."""
        if changed:
            user = User.objects.filter(pk=self.user.pk)
            user.update(post_update_count=F("post_update_count") + changed)

    def changes_to(
        self,
        rows: Sequence[PostRow],
        tags: Mapping[int, frozenset[str]],
        fields: Mapping[int, PostRow] | None = None,
    ) -> list[Change]:
        """The changes that give each post, by its id, these tags and what follows from them.

        fields: the posts with another rating, source or parent, where these shall change too. Raises
        ValidationError for a post that cannot be saved.
        """
        fields = fields or {}
        drafts = complete([Draft(row, fields.get(row.id, row), tags[row.id]) for row in rows])
        for draft in drafts:
            if errors := draft.errors:
                raise InvalidPost(draft.before.id, errors)
        return changes_of(drafts, self.user)


def _differences(changes: Iterable[Change]) -> dict[str, int]:
    """How many more posts each tag has."""
    differences: dict[str, int] = {}
    for change in changes:
        for names, difference in ((change.added, 1), (change.removed, -1)):
            for name in names:
                differences[name] = differences.get(name, 0) + difference
    return differences
