"""How memory, latency and the table develop over the soak."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import psutil
from django.db import connection

from benchmarks.support.measure import percentile
from jobs.engine.models import BackgroundJob

# What a process may gain while it lives, in MiB; it loads some code with its first jobs.
MAY_GAIN = 20.0
# Seconds until a process has come to rest after its start.
WARM_UP = 8.0
# Short jobs that make a minute.
ENOUGH = 50
# What the last third of the minutes may be slower than the first: so many times, and milliseconds on top.
MAY_SLOW_DOWN = (2.0, 150.0)


@dataclass
class Life:
    """A process's memory in MiB, when it was first and last looked at; and when that was, in seconds."""

    kind: str
    first: float
    since: float
    last: float
    until: float


@dataclass
class Memory:
    lives: dict[int, Life] = field(default_factory=dict)
    _seen: dict[int, float] = field(default_factory=dict)

    def look(self, processes: Mapping[str, Sequence[int]], at: float) -> None:
        for kind, pids in processes.items():
            for pid in pids:
                if at - self._seen.setdefault(pid, at) < WARM_UP:
                    continue
                try:
                    size = psutil.Process(pid).memory_info().rss / 2**20
                except psutil.Error:
                    continue
                if not size:
                    continue  # it has just ended
                life = self.lives.setdefault(pid, Life(kind, size, at, size, at))
                life.last, life.until = size, at

    def report(self) -> dict[str, dict[str, float]]:
        """Of each kind: the oldest's life in seconds, its MiB at both ends, and the most that any gained."""
        kinds: dict[str, list[Life]] = defaultdict(list)
        for life in self.lives.values():
            kinds[life.kind].append(life)
        report = {}
        for kind, lives in kinds.items():
            oldest = max(lives, key=lambda life: life.until - life.since)
            report[kind] = {
                "seconds": round(oldest.until - oldest.since),
                "start": round(oldest.first, 1),
                "end": round(oldest.last, 1),
                "most_gained": round(max(life.last - life.first for life in lives), 1),
            }
        return report


def latencies(started: datetime) -> list[dict[str, float]]:
    """Of the short jobs of each minute: how many, and the milliseconds in which they were picked up."""
    minutes: dict[int, list[float]] = defaultdict(list)
    jobs = BackgroundJob.objects.filter(arguments__args__0__startswith="short-", attempts=1)
    for run_after, performed_at in jobs.values_list("run_after", "performed_at"):
        minute = int((run_after - started).total_seconds() // 60)
        minutes[minute].append(max(0.0, (performed_at - run_after).total_seconds() * 1000))
    return [
        {
            "minute": minute,
            "jobs": len(samples),
            "p50": round(percentile(samples, 50) or 0, 1),
            "p95": round(percentile(samples, 95) or 0, 1),
        }
        for minute, samples in sorted(minutes.items())
        if len(samples) >= ENOUGH
    ]


def faults(memory: Mapping[str, Mapping[str, float]], minutes: Sequence[Mapping[str, float]]) -> list[str]:
    """What grew that must not."""
    found = [
        f"a {kind} gained {sizes['most_gained']} MiB"
        for kind, sizes in memory.items()
        if sizes["most_gained"] > MAY_GAIN
    ]
    third = len(minutes) // 3
    factor, more = MAY_SLOW_DOWN
    for figure in ("p50", "p95") if third else ():
        before = sum(minute[figure] for minute in minutes[:third]) / third
        after = sum(minute[figure] for minute in minutes[-third:]) / third
        if after > before * factor + more:
            found.append(f"the {figure} of picking up went from {before:.0f} to {after:.0f} ms")
    return found


def table_size() -> dict[str, float]:
    """MiB of the table with and without its indexes, and its rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT pg_total_relation_size('background_jobs') / 1048576.0,
                pg_table_size('background_jobs') / 1048576.0, (SELECT count(*) FROM background_jobs)
            """
        )
        total, table, rows = cursor.fetchone()
    return {"rows": rows, "table_mib": round(float(table), 2), "total_mib": round(float(total), 2)}
