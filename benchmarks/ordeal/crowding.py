"""Crowds of jobs of one lock key, of many lock keys, and that all fail, while workers are killed."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F

from benchmarks.ordeal.blows import BLOWS
from benchmarks.ordeal.world import World
from benchmarks.support.measure import percentile
from jobs.engine.insight.long_work import long_work
from jobs.engine.models import BackgroundJob, JobAttempt
from tests.chaos.counts import Counts
from tests.chaos.crowd_jobs import MournedNoteJob
from tests.chaos.journal import Journal
from tests.support.clusters import all_finished
from tests.support.sample_jobs import KeyedNoteJob, NoteJob
from tests.support.waiting import wait_until

# Seconds from one killed worker to the next, and how many are killed in a crowd.
EVERY, KILLS = 2.0, 5
# Jobs of each of the many keys.
OF_A_KEY = 10
# Seconds between two jobs that have nothing to do with the crowd.
STRANGERS_EVERY = 0.25


@dataclass
class Row:
    crowd: str
    jobs: int
    seconds: float
    jobs_per_second: float
    lost: int
    run_again: int
    # Of a lock key: begun while another ran, or before an earlier one.
    out_of_turn: int
    # Hooks that were not called exactly once.
    unmourned: int
    # Milliseconds until jobs that have nothing to do with the crowd were begun.
    strangers_wait: float


def crowds(journal: Journal, world: World, size: int) -> dict[str, Any]:
    """A row for each crowd, and in words what is wrong; the first has no keys, for comparison."""
    titles = [field.name.replace("_", " ") for field in fields(Row)]
    print(f"| {' | '.join(titles)} |\n| --- |{' ---: |' * (len(titles) - 1)}")
    keys = max(1, size // OF_A_KEY)
    rows = [
        _work_off(journal, world, "no lock key", size, lambda: _plain(size)),
        _work_off(journal, world, "one lock key", size, lambda: _keyed(size, 1)),
        _work_off(journal, world, f"{keys} lock keys", size, lambda: _keyed(size, keys)),
        _work_off(journal, world, "all fail, twice", 2 * size, lambda: _failing(2 * size)),
    ]
    faults = [
        f"{row.crowd}: lost {row.lost}, out of turn {row.out_of_turn}, unmourned {row.unmourned}"
        for row in rows
        if row.lost or row.out_of_turn or row.unmourned
    ]
    return {"rows": [asdict(row) for row in rows], "faults": faults}


def _plain(size: int) -> list[UUID]:
    return NoteJob.enqueue_many([(f"plain-{n:06}",) for n in range(size)])


def _keyed(size: int, keys: int) -> list[UUID]:
    return KeyedNoteJob.enqueue_many([(f"key{n % keys}-{n:06}",) for n in range(size)])


def _failing(size: int) -> list[UUID]:
    return MournedNoteJob.enqueue_many([(f"failing-{n:06}",) for n in range(size)])


def _work_off(
    journal: Journal, world: World, name: str, size: int, enqueue: Callable[[], Sequence[UUID]]
) -> Row:
    for model in (JobAttempt, BackgroundJob):
        model.objects.all().delete()
    journal.path.write_text("")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE background_jobs")
    started, kills = time.monotonic(), 0
    saved = enqueue()
    with long_work(f"Jobs, {name}", size, "jobs") as done, _Strangers() as strangers:
        told = 0
        while (finished := _finished()) < size:
            if kills < KILLS and time.monotonic() - started > EVERY * (kills + 1):
                BLOWS["worker"].strike(world, world.places[kills % 2])
                kills += 1
            done(finished - told)
            told = finished
            time.sleep(0.5)
        seconds = time.monotonic() - started
    wait_until(all_finished, what="what follows to finish")
    wait_until(world.is_whole)
    counts = Counts.take(journal, [*strangers.saved, *([] if name.startswith("all fail") else saved)])
    row = Row(
        crowd=name,
        jobs=size,
        seconds=round(seconds, 1),
        jobs_per_second=round(size / seconds, 1),
        lost=counts.lost + counts.too_often,
        run_again=counts.repeated - (size if name.startswith("all fail") else 0),
        out_of_turn=_out_of_turn(journal),
        unmourned=_unmourned(journal, size) if name.startswith("all fail") else 0,
        strangers_wait=strangers.wait(),
    )
    figures = list(asdict(row).values())
    print(
        f"| {' | '.join(str(figure) for figure in figures[:-1])} | {row.strangers_wait:.0f} ms |", flush=True
    )
    return row


def _finished() -> int:
    # What follows their ends has a priority of its own, and so have the strangers.
    return BackgroundJob.objects.filter(finished_at__isnull=False, priority=MournedNoteJob.priority).count()


def _out_of_turn(journal: Journal) -> int:
    """As Journal.out_of_turn() of each key, in one pass."""
    running: dict[str, str] = {}
    last: dict[str, str] = {}
    found = 0
    for _, label, what in journal.lines():
        key, _, _ = label.partition("-")
        if not key.startswith("key"):
            continue
        if what == "finished":
            running.pop(key, None)
            continue
        found += running.get(key, label) != label or label < last.get(key, "")
        running[key] = last[key] = label
    return found


def _unmourned(journal: Journal, size: int) -> int:
    """Ends that were not followed up exactly once."""
    mourned = Counter(journal.labels("mourned"))
    unannounced = BackgroundJob.objects.filter(error__isnull=False, announced=False).count()
    return unannounced + (size - len(mourned)) + sum(times - 1 for times in mourned.values())


class _Strangers:
    """Jobs that come now and then, before those of the crowd in order of priority."""

    def __init__(self) -> None:
        self.saved: list[UUID] = []
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> _Strangers:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stopped.set()
        self._thread.join()

    def wait(self) -> float:
        """Milliseconds until they were begun, of 95 in 100."""
        waits = BackgroundJob.objects.filter(pk__in=self.saved, attempts=1)
        samples = [
            (performed_at - run_after).total_seconds() * 1000
            for performed_at, run_after in waits.values_list(F("performed_at"), F("run_after"))
        ]
        return percentile(samples, 95) or 0.0

    def _run(self) -> None:
        try:
            while not self._stopped.wait(STRANGERS_EVERY):
                job = NoteJob.using(priority=-50).enqueue(f"stranger-{len(self.saved)}")
                self.saved.append(job.pk)
        finally:
            connection.close()
