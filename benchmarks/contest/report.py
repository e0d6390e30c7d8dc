"""The figures as a table, as JSON, and beside what they should be."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.contest.plan import Plan
from benchmarks.contest.rounds import Samples
from benchmarks.support.measure import median, percentile

OURS = "danbooru-jobs"
FULL = "+full"


@dataclass(frozen=True)
class Row:
    """The medians of a contender; None where nothing was measured."""

    name: str
    title: str
    enqueue: float | None
    enqueue_many: float | None
    work_off: float | None
    ours_to_this: float | None
    pick_up_p50: float | None
    pick_up_p95: float | None
    pick_up_p99: float | None
    enqueue_statements: float | None
    enqueue_transactions: float | None
    work_off_statements: float | None
    work_off_transactions: float | None
    enqueue_wal: float | None
    enqueue_many_wal: float | None
    work_off_wal: float | None
    memory: float | None


def make_row(name: str, title: str, samples: Samples, ours: float | None) -> Row:
    """The medians of the samples; `ours` is how many jobs a second this engine works off."""
    pick_up = samples.pick_up
    medians = {key: median(values) for key, values in asdict(samples).items() if key != "pick_up"}
    work_off = medians["work_off"]
    return Row(
        name=name,
        title=title,
        ours_to_this=ours / work_off if ours and work_off else None,
        pick_up_p50=percentile(pick_up, 50),
        pick_up_p95=percentile(pick_up, 95),
        pick_up_p99=percentile(pick_up, 99),
        **medians,
    )


def _whole(value: float) -> str:
    return f"{value:,.0f}"


def _tenths(value: float) -> str:
    return f"{value:.1f}"


def _times(value: float) -> str:
    return f"{value:.2f}"


@dataclass(frozen=True)
class Column:
    """A column of the printed table: two lines of heading, the fields of a row, how they are written."""

    heading: tuple[str, str]
    fields: tuple[str, ...]
    write: Callable[[float], str]

    def cell(self, row: Row) -> str:
        values = [getattr(row, name) for name in self.fields]
        return " / ".join("-" if value is None else self.write(value) for value in values)


COLUMNS = (
    Column(("enqueue", "jobs/s"), ("enqueue",), _whole),
    Column(("in bulk", "jobs/s"), ("enqueue_many",), _whole),
    Column(("work off", "jobs/s"), ("work_off",), _whole),
    Column(("ours is", "times"), ("ours_to_this",), _times),
    Column(("idle pick-up, ms", "p50 / p95 / p99"), ("pick_up_p50", "pick_up_p95", "pick_up_p99"), _tenths),
    Column(("statements a job", "enqueue / work"), ("enqueue_statements", "work_off_statements"), _times),
    Column(
        ("transactions a job", "enqueue / work"), ("enqueue_transactions", "work_off_transactions"), _times
    ),
    Column(
        ("WAL, bytes a job", "enqueue / bulk / work"),
        ("enqueue_wal", "enqueue_many_wal", "work_off_wal"),
        _whole,
    ),
    Column(("memory", "MiB"), ("memory",), _whole),
)


def table(rows: Sequence[Row]) -> str:
    """The rows for people."""
    lines = [
        ["", *(column.heading[0] for column in COLUMNS)],
        ["", *(column.heading[1] for column in COLUMNS)],
        *([row.title, *(column.cell(row) for column in COLUMNS)] for row in rows),
    ]
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
    written = [
        "  ".join(
            [line[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(line[1:], widths[1:], strict=True))]
        )
        for line in lines
    ]
    written.insert(2, "-" * len(written[0]))
    return "\n".join(written)


@dataclass(frozen=True)
class Target:
    """What should be, and whether it is; None where it was not measured."""

    text: str
    is_reached: bool | None
    figure: str

    def __str__(self) -> str:
        word = {True: "reached", False: "NOT REACHED", None: "not measured"}[self.is_reached]
        return f"{word:12}  {self.text}{f': {self.figure}' if self.figure else ''}"


def targets(rows: Sequence[Row]) -> list[Target]:
    """What this engine promises."""
    by_name = {row.name: row for row in rows}
    ours, full = by_name.get(OURS), by_name.get(f"{OURS}{FULL}")
    empty = {name: row for name, row in by_name.items() if not name.endswith(FULL)}
    return [
        _ratio("work off at least 5 times what django-q2 does", 5, ours, _best(empty, "django-q2")),
        _ratio("work off at least 2 times what procrastinate does", 2, ours, _best(empty, "procrastinate")),
        _at_least("enqueue at least 50,000 jobs/s in bulk", 50_000, ours.enqueue_many if ours else None),
        _no_slower(
            "pick up no slower than procrastinate (p50)",
            ours.pick_up_p50 if ours else None,
            _least([row.pick_up_p50 for name, row in empty.items() if name.startswith("procrastinate")]),
        ),
        _ratio("work off with full tables at most 20 % slower", 0.8, full, ours),
        _no_slower(
            "pick up with full tables at most 20 % slower (p50)",
            full.pick_up_p50 if full else None,
            ours.pick_up_p50 * 1.2 if ours and ours.pick_up_p50 is not None else None,
        ),
    ]


def _best(rows: dict[str, Row], prefix: str) -> Row | None:
    peers = [row for name, row in rows.items() if name.startswith(prefix) and row.work_off]
    return max(peers, key=lambda row: row.work_off or 0, default=None)


def _least(values: Sequence[float | None]) -> float | None:
    return min((value for value in values if value is not None), default=None)


def _ratio(text: str, least: float, row: Row | None, other: Row | None) -> Target:
    if not (row and other and row.work_off and other.work_off):
        return Target(text, None, "")
    ratio = row.work_off / other.work_off
    return Target(text, ratio >= least, f"{ratio:.2f} ({row.work_off:,.0f} to {other.work_off:,.0f} jobs/s)")


def _at_least(text: str, least: float, value: float | None) -> Target:
    return Target(text, None if value is None else value >= least, "" if value is None else f"{value:,.0f}")


def _no_slower(text: str, value: float | None, limit: float | None) -> Target:
    if value is None or limit is None:
        return Target(text, None, "")
    return Target(text, value <= limit, f"{value:.1f} ms, limit {limit:.1f} ms")


def as_json(rows: Sequence[Row], plan: Plan, conditions: Sequence[str]) -> dict[str, Any]:
    """Everything printed, for programs."""
    return {
        "conditions": list(conditions),
        "plan": asdict(plan),
        "rows": [asdict(row) for row in rows],
        "targets": [asdict(target) for target in targets(rows)],
    }
