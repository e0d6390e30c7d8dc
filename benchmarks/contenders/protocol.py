"""What the benchmark asks of every contender."""

from typing import Protocol


class Peer(Protocol):
    """A job queue; its jobs are those of benchmarks.work."""

    # Emptied between measurements.
    tables: tuple[str, ...]
    # The id of the newest job.
    newest: str
    # FROM and WHERE of the unfinished jobs from the id `since` on.
    unfinished: str
    # ORDER BY of the order in which jobs are done, where the ids tell.
    order: str
    # The least id.
    first_id: int | str

    def install(self) -> None:
        """Make the tables."""

    def enqueue(self, count: int) -> None:
        """Enqueue jobs that do nothing, each in a transaction of its own."""

    def enqueue_many(self, count: int) -> bool:
        """The same in the contender's own way for many jobs at once; False when it has none."""

    def enqueue_together(self, count: int) -> None:
        """The same so that the workers see all of them at one moment."""

    def enqueue_clock(self) -> None:
        """Enqueue a job that tells the time."""

    def fill(self, finished: int, scheduled: int) -> None:
        """Add old jobs and jobs for tomorrow, by SQL."""
