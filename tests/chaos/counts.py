"""What must be true after any ordeal, in numbers."""

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from jobs.engine.models import BackgroundJob, JobAttempt
from jobs.engine.queue.lost import MAX_CRASHES
from tests.chaos.journal import Journal
from tests.support.clusters import Cluster, all_finished
from tests.support.sample_jobs import NoteJob
from tests.support.waiting import wait_until


@dataclass(frozen=True)
class Counts:
    """What became of all jobs; `recovery` and `stop` in seconds."""

    jobs: int
    # Ended with an error; of these, the ones that lost as many workers as a job may.
    discarded: int
    crashed: int
    # Runs beyond the first, and the attempts before the last, which explain them. Each has a row that says
    # how it ended: its worker died, or was taken for dead, or it failed with an error and is tried again.
    repeated: int
    explained: int
    # Jobs that ran more often than can be explained.
    too_often: int
    # Jobs that were saved and have no end, or did not run to it.
    lost: int
    running: int
    recovery: float = 0.0
    stop: float = 0.0

    @classmethod
    def take(cls, journal: Journal, saved: Iterable[UUID] = ()) -> "Counts":
        """Count what is in the table, and those that were saved, whether they still are there or not."""
        kept = set(saved)
        rows = {row.pk: row for row in BackgroundJob.objects.all()}
        runs, finished = journal.runs(), journal.runs("finished")
        discarded = {pk for pk, row in rows.items() if row.finished_at and row.error is not None}
        ended = Counter(JobAttempt.objects.values_list("job_id", flat=True))
        before_the_last = Counter({pk: ended[pk] - (pk in discarded) for pk in ended})
        done = {pk for pk, row in rows.items() if row.finished_at and row.error is None}
        return cls(
            jobs=len(rows),
            discarded=len(discarded),
            crashed=sum(1 for row in rows.values() if row.finished_at and row.crashes == MAX_CRASHES),
            repeated=sum(times - 1 for times in runs.values()),
            explained=sum(before_the_last[pk] for pk in runs if runs[pk] > 1),
            too_often=sum(1 for pk in runs if runs[pk] > 1 + before_the_last[pk]),
            lost=len(kept - set(rows))
            + sum(1 for row in rows.values() if not row.finished_at)
            + sum(1 for pk in done if (pk in runs or pk in kept) and not finished[pk]),
            running=BackgroundJob.objects.running().count(),
        )

    def check(self, discarded: int = 0) -> None:
        """Print the counts and see that all is well; so many were to be discarded, beside the crashed."""
        print(self)
        assert (self.lost, self.too_often, self.running) == (0, 0, 0), self
        assert self.discarded == discarded + self.crashed, self

    def ended(self, clusters: Sequence[Cluster]) -> "Counts":
        """Stop the clusters, one after the other."""
        longest = 0.0
        for cluster in clusters:
            longest = max(longest, stop(cluster))
        return replace(self, stop=longest)


def stop(cluster: Cluster) -> float:
    """Stop a cluster as systemd does; the seconds that it took."""
    started = time.monotonic()
    cluster.process.terminate()
    assert cluster.wait() == 0, cluster.log.read_text()[-4000:]
    return time.monotonic() - started


def settle(
    journal: Journal,
    *clusters: Cluster,
    saved: Iterable[UUID] = (),
    discarded: int = 0,
    queue: str = "default",
) -> Counts:
    """Wait until all is done, try whether jobs are run, stop the clusters, count, and check the counts."""
    started = time.monotonic()
    NoteJob.using(priority=-100, queue_name=queue).enqueue("probe")
    journal.wait_for("probe")
    recovery = time.monotonic() - started
    wait_until(all_finished, what="all jobs to finish")
    for cluster in clusters:
        wait_until(cluster.is_whole, what="every process to be there again")
    counts = replace(Counts.take(journal, saved), recovery=recovery)
    counts = counts.ended(clusters)
    counts.check(discarded)
    return counts
