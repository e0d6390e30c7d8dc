"""One soak, or one blow after the other, from the first job to the last count."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import Any

from django.utils import timezone

from benchmarks.ordeal import blow_table, crowding, figures, mails
from benchmarks.ordeal.blows import Storm
from benchmarks.ordeal.figures import Memory
from benchmarks.ordeal.load import LOCK_KEYS, Load
from benchmarks.ordeal.world import Place, World, world
from booru.embedded_postgres.server import Server
from jobs.engine.insight.long_work import long_work
from jobs.engine.models import BackgroundJob, JobBatch
from tests.chaos.counts import Counts
from tests.chaos.journal import Journal
from tests.support.clusters import all_finished
from tests.support.sample_jobs import BatchNoteJob
from tests.support.waiting import wait_until

# Seconds that a stop may take: its jobs run 3 seconds at most.
STOP = 20.0


def soak(folder: Path, database: Server, seconds: float, rng: Random, read_only: float) -> dict[str, Any]:
    """Returns all figures; `faults` says in words what is wrong."""
    with world(folder, database, rng, read_only) as made:
        return _soak(Journal(folder / "journal"), made, seconds)


def one_by_one(
    folder: Path, database: Server, rng: Random, *, names: Iterable[str], times: int, read_only: float
) -> dict[str, Any]:
    """Prints a table with a row a blow; returns it, and in `faults` what is wrong."""
    print(blow_table.head())
    with world(folder, database, rng, read_only) as made:
        return blow_table.table(Journal(folder / "journal"), made, names, times)


def crowds(folder: Path, database: Server, rng: Random, *, size: int) -> dict[str, Any]:
    """Prints a table with a row a crowd of so many jobs; returns it, and in `faults` what is wrong."""
    with world(folder, database, rng, 0) as made:
        return crowding.crowds(Journal(folder / "journal"), made, size)


def _soak(journal: Journal, made: World, seconds: float) -> dict[str, Any]:
    load, storm, memory = Load(made.rng), Storm(made, seconds), Memory()
    made.load = load
    table = [figures.table_size()]
    began, started = timezone.now(), time.monotonic()
    load.start()
    told = 0
    with long_work("Blows fall", round(seconds), "s") as done:
        while (at := time.monotonic() - started) < seconds:
            storm.pass_over(at)
            for place in made.places:
                memory.look(place.processes(), at)
            done(int(at) - told)
            told = int(at)
            time.sleep(0.5)
    load.stop()
    faults = _calm_down(made.places)
    table.append(figures.table_size())
    counts = Counts.take(journal, load.saved)
    arrived = mails.arrivals(made.mail.messages)
    sizes, minutes = memory.report(), figures.latencies(began)
    faults += _wrong(counts, load) + _wrong_keys(journal, load) + mails.wrong(load.emails, arrived)
    faults += figures.faults(sizes, minutes)
    result = {
        "seconds": seconds,
        "jobs": dict(load.kinds),
        "unconfirmed": dict(load.unconfirmed),
        "blows": dict(storm.blows),
        "starts": sum(place.starts for place in made.places),
        "slowest_stop": round(max(place.slowest_stop for place in made.places), 1),
        "counts": asdict(counts),
        "email_copies": mails.copies(arrived),
        "memory": sizes,
        "latency": minutes,
        "table": table,
        "faults": faults,
    }
    _tell(result)
    return result


def _calm_down(places: list[Place]) -> list[str]:
    """Let all be done and the clusters stop; returns what did not come about."""
    faults = []
    for place in places:
        place.look_after()
    try:
        with long_work("Waiting until all is done"):
            wait_until(all_finished, what="all jobs to finish")
        for place in places:
            wait_until(place.cluster.is_up)
            wait_until(place.cluster.is_whole, what="every process to be there again")
    except AssertionError as error:
        faults.append(str(error))
    for place in places:
        place.stop()
        if place.slowest_stop > STOP:
            faults.append(f"a stop took {place.slowest_stop:.0f} s")
    return faults


def _wrong(counts: Counts, load: Load) -> list[str]:
    faults = [
        f"{name}: {getattr(counts, name)}"
        for name in ("lost", "too_often", "running")
        if getattr(counts, name)
    ]
    expected = load.kinds["failing"]
    # A failing job that has lost three workers counts as crashed.
    if not expected <= counts.discarded <= expected + counts.crashed + load.unconfirmed["failing"]:
        faults.append(
            f"discarded: {counts.discarded}, of which {counts.crashed} crashed; {expected} expected"
        )
    return faults


def _wrong_keys(journal: Journal, load: Load) -> list[str]:
    crashed = {
        str(row.arguments["args"][0])
        for row in BackgroundJob.objects.filter(crashes=3, lock_keys__isnull=False)
    }
    turns = [label for key in range(LOCK_KEYS) for label in journal.out_of_turn(f"key{key}-", crashed)]
    faults = [f"out of turn: {', '.join(turns)}"] if turns else []
    callbacks = Counter(
        str(row.arguments["args"][0]["pk"])
        for row in BackgroundJob.objects.filter(job_class=BatchNoteJob.path())
    )
    open_batches = JobBatch.objects.filter(finished_at=None).count()
    unconfirmed = len(callbacks) - load.kinds["batch"]
    if open_batches or not 0 <= unconfirmed <= load.unconfirmed["batch"] or set(callbacks.values()) - {1}:
        faults.append(
            f"{open_batches} batches open; {callbacks.total()} callbacks of {len(callbacks)} batches"
        )
    return faults


def _tell(result: dict[str, Any]) -> None:
    for name in ("jobs", "unconfirmed", "blows", "counts"):
        print(f"{name}: " + ", ".join(f"{key} {value}" for key, value in result[name].items()))
    print(f"emails that arrived once more: {result['email_copies']}")
    print(f"clusters started {result['starts']} times, slowest stop {result['slowest_stop']} s")
    for kind, sizes in result["memory"].items():
        print(
            f"{kind}: {sizes['start']} MiB, after {sizes['seconds']} s {sizes['end']} MiB; "
            f"the most that any gained: {sizes['most_gained']} MiB"
        )
    for minute in result["latency"]:
        print(
            f"minute {minute['minute'] + 1}: {minute['jobs']} short jobs, "
            f"picked up in {minute['p50']} ms (p50), {minute['p95']} ms (p95)"
        )
    for size in result["table"]:
        print(f"table: {size['rows']} rows, {size['table_mib']} MiB, with indexes {size['total_mib']} MiB")
