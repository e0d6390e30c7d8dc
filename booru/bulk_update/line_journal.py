"""Keeps how far one line is: for who watches it, and for the run that goes on after a crash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F

from booru.models import BulkUpdateRequestLine
from jobs.engine import progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from booru.posts.walking.journal import SkippedPost

# Of the posts that could not be saved, so many are named.
_SKIPPED_NAMED = 20
_SHOWN = 200  # characters of the line


class LineJournal:
    """Writes to the line's row, in the transaction of each batch, and tells the job that runs here.

    Telling the job is where a job stops that a person cancelled: the batch is taken back then.
    """

    def __init__(self, line: BulkUpdateRequestLine, lines: int) -> None:
        self.resume_after = line.resume_after
        self._line = line
        self._text = f"line {line.number} of {lines}: {line.text[:_SHOWN]}"
        self._report()

    def expect(self, posts: int) -> None:
        self._line.posts_total = self._line.posts_done + posts
        self._line.save(update_fields=["posts_total"])
        self._report()

    def batch_done(
        self, last_id: int, looked_at: int, changed: int, skipped: Sequence[SkippedPost] = ()
    ) -> None:
        line = self._line
        line.posts_done += looked_at
        left = _SKIPPED_NAMED - len(line.skipped)
        line.skipped += [[post.post_id, post.reason] for post in skipped[:left]]
        BulkUpdateRequestLine.objects.filter(pk=line.pk).update(
            posts_done=F("posts_done") + looked_at,
            posts_changed=F("posts_changed") + changed,
            posts_skipped=F("posts_skipped") + len(skipped),
            skipped=line.skipped,
            resume_after=last_id,
        )
        self._report()

    def _report(self) -> None:
        progress.report(self._line.posts_done, self._line.posts_total, self._text)
