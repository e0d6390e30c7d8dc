"""One blow after the other, and what each cost: the table of docs/faults.md."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Now

from benchmarks.ordeal import mails
from benchmarks.ordeal.blows import BLOWS
from benchmarks.ordeal.load import Load
from benchmarks.ordeal.world import World
from jobs.engine.insight.long_work import long_work
from jobs.engine.models import BackgroundJob, JobAttempt, JobBatch
from mailers.models import SentMail
from tests.chaos.counts import Counts
from tests.chaos.journal import Journal
from tests.support.clusters import all_finished
from tests.support.sample_jobs import NoteJob
from tests.support.waiting import PATIENCE, wait_until

# Seconds of jobs before the blow.
RUN_UP = 3.0
# Seconds that the jobs take which run when it falls, and how many workers there are.
STRUCK, WORKERS = 2.0, 4


@dataclass
class Row:
    fault: str
    jobs: int = 0
    # Saved, and never done.
    lost: int = 0
    # Begun once more, because the first run ended with its worker.
    run_again: int = 0
    # Run to their end more than once; emails that arrived more than once.
    doubled: int = 0
    # Not done though all had come to rest for minutes.
    stuck: int = 0
    # Seconds from the end of the fault, at most of all times, until all that waited then was done, a new job
    # was done and each process was there.
    well_after: float = 0.0


def table(journal: Journal, world: World, names: Iterable[str], times: int) -> dict[str, Any]:
    """The rows, and in words what is wrong."""
    rows: list[Row] = []
    faults: list[str] = []
    for name in names:
        row = Row(BLOWS[name].words)
        for _ in range(times):
            with long_work(f"Now {row.fault}"):
                faults += [f"{row.fault}: {fault}" for fault in _strike(journal, world, name, row)]
        rows.append(row)
        print(_line(row), flush=True)
    return {"rows": [asdict(row) for row in rows], "faults": faults}


def head() -> str:
    return (
        "| fault | jobs | lost | run again | doubled | stuck | all well after |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    )


def _line(row: Row) -> str:
    numbers = (row.jobs, row.lost, row.run_again, row.doubled, row.stuck)
    return f"| {row.fault} | {' | '.join(str(number) for number in numbers)} | {row.well_after:.1f} s |"


def _strike(journal: Journal, world: World, name: str, row: Row) -> list[str]:
    _forget(journal, world)
    load = world.load = Load(world.rng)
    load.start()
    try:
        time.sleep(RUN_UP)
        # Each worker has a job when it falls.
        load.saved += NoteJob.using(priority=-100).enqueue_many(
            [(f"struck-{n}", STRUCK) for n in range(WORKERS)]
        )
        journal.wait_for(f"struck-{WORKERS - 1}")
        BLOWS[name].strike(world, world.rng.choice(world.places))
        row.well_after = max(row.well_after, _until_well(world, load.emails))
    finally:
        load.stop()
    wait_until(world.is_whole)
    return _count(journal, world, load, row)


def _until_well(world: World, emails: Sequence[UUID]) -> float:
    started = time.monotonic()
    waiting = list(
        BackgroundJob.objects.unfinished()
        .filter(Q(run_after__lte=Now()) | Q(pk__in=emails))
        .values_list("pk", flat=True)
    )
    probe = NoteJob.using(priority=-100).enqueue("probe").pk
    jobs = BackgroundJob.objects.unfinished().filter(pk__in=[*waiting, probe])
    wait_until(lambda: not jobs.exists() and world.is_whole(), what="all to be well")
    return time.monotonic() - started


def _count(journal: Journal, world: World, load: Load, row: Row) -> list[str]:
    faults = []
    try:
        wait_until(all_finished, PATIENCE, "all jobs to finish")
    except AssertionError:
        row.stuck += BackgroundJob.objects.unfinished().count()
        faults.append("jobs are stuck")
    counts = Counts.take(journal, load.saved)
    arrived = mails.arrivals(world.mail.messages)
    row.jobs += counts.jobs
    row.lost += counts.lost + sum(1 for pk in load.emails if not arrived[pk])
    row.run_again += _begun_again(journal)
    row.doubled += sum(times - 1 for times in journal.runs("finished").values())
    row.doubled += mails.copies(arrived)
    if counts.lost or counts.too_often:
        faults.append(f"lost {counts.lost}, too often {counts.too_often}")
    return faults + mails.wrong(load.emails, arrived)


def _begun_again(journal: Journal) -> int:
    """Without those that fail the first time on purpose."""
    runs = Counter(pk for pk, label, what in journal.lines() if what == "started" and not _fails_once(label))
    return sum(times - 1 for times in runs.values())


def _fails_once(label: str) -> bool:
    return label.startswith("retried-")


def _forget(journal: Journal, world: World) -> None:
    """What the blow before left: its jobs have ended."""
    for model in (JobAttempt, BackgroundJob, JobBatch, SentMail):
        model.objects.all().delete()
    world.mail.messages.clear()
    journal.path.write_text("")
