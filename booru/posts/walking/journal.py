"""How far a walk over posts is: shown while it runs, and where it goes on after a crash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SkippedPost:
    """A post that could not be saved, and why."""

    post_id: int
    reason: str


class Journal(Protocol):
    """Told of a walk by the PostEditor that makes it."""

    # The last post that an earlier, interrupted walk dealt with; 0 when there was none.
    resume_after: int

    def expect(self, posts: int) -> None:
        """So many more posts will be looked at."""

    def batch_done(
        self, last_id: int, looked_at: int, changed: int, skipped: Sequence[SkippedPost] = ()
    ) -> None:
        """Called in the transaction of the batch, so that both are saved or neither is.

        `last_id` is 0 in a walk that is not resumable. What is raised here takes the batch back.
        """


class NoJournal:
    """For walks that nobody watches, and that start anew when they are interrupted."""

    resume_after = 0

    def expect(self, posts: int) -> None: ...

    def batch_done(
        self, last_id: int, looked_at: int, changed: int, skipped: Sequence[SkippedPost] = ()
    ) -> None: ...
