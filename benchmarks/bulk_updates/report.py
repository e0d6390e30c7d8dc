"""The figures of bulk updates as a table, as JSON, and beside what they should be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from benchmarks.bulk_updates.run import CaseFigures, Figures
from benchmarks.contest.report import Target
from benchmarks.support.measure import percentile

_HEADINGS = (
    ("", ""),
    ("posts", ""),
    ("posts/s", ""),
    ("bare SQL", "posts/s"),
    ("one by one", "posts/s"),
    ("of", "bare SQL"),
    ("times", "one by one"),
    ("WAL, bytes a post", "ours / bare SQL"),
    ("peak", "MiB"),
)


def table(figures: Figures) -> str:
    """All of it for people."""
    lines = [
        [heading[0] for heading in _HEADINGS],
        [heading[1] for heading in _HEADINGS],
        *(_cells(case) for case in figures.cases),
    ]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    written = ["  ".join([line[0].ljust(widths[0]), *_right(line, widths)]) for line in lines]
    written.insert(2, "-" * len(written[0]))
    return "\n".join([*written, "", *_times(figures)])


def _cells(case: CaseFigures) -> list[str]:
    return [
        case.name,
        f"{case.ours.posts:,}",
        f"{case.ours.posts_per_second:,.0f}",
        f"{case.plain.posts_per_second:,.0f}",
        f"{case.one_by_one.posts_per_second:,.0f}",
        f"{case.of_plain:.2f}",
        f"{case.times_one_by_one:.1f}",
        f"{case.ours.wal or 0:,.0f} / {case.plain.wal or 0:,.0f}",
        f"{case.ours.peak_mib or 0:,.0f}",
    ]


def _right(line: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)]


def _times(figures: Figures) -> Iterator[str]:
    yield _line("an edit of one post beside a bulk update", figures.waits)
    yield _line("the same beside nothing", figures.idle_waits)
    yield _line("first page of a one-tag search", figures.one_tag)
    yield _line("first page of a two-tag search", figures.two_tags)


def _line(what: str, samples: Sequence[float]) -> str:
    p50, p95 = percentile(samples, 50) or 0, percentile(samples, 95) or 0
    longest = max(samples, default=0)
    return f"{what:42}  {len(samples):5} times, ms p50 / p95 / max: {p50:.1f} / {p95:.1f} / {longest:.1f}"


def targets(figures: Figures) -> list[Target]:
    """What bulk updates promise."""
    times = {case.name: case.times_one_by_one for case in figures.cases}
    of_plain = {case.name: case.of_plain for case in figures.cases}
    return [
        _least("20 times the speed of saving one by one", 20, times),
        _least("half the speed of bare SQL", 0.5, of_plain),
        _most("under 150 MiB", 150, [case.ours.peak_mib or 0 for case in figures.cases], "MiB"),
        _most("an edit beside it takes under 200 ms", 200, figures.waits, "ms"),
        _most("a page of a one-tag search takes under 100 ms", 100, figures.one_tag, "ms"),
        _most("a page of a two-tag search takes under 100 ms", 100, figures.two_tags, "ms"),
    ]


def _least(text: str, limit: float, values: dict[str, float]) -> Target:
    worst = min(values, key=values.__getitem__)
    return Target(f"at least {text}", values[worst] >= limit, f"{values[worst]:.2f} at worst ({worst})")


def _most(text: str, limit: float, values: Sequence[float], unit: str) -> Target:
    worst = max(values, default=None)
    if worst is None:
        return Target(text, None, "")
    return Target(text, worst < limit, f"{worst:.0f} {unit} at worst")


def as_json(figures: Figures, conditions: Sequence[str]) -> dict[str, Any]:
    """Everything printed, for programs."""
    rows = [
        {**asdict(case), "of_plain": case.of_plain, "times_one_by_one": case.times_one_by_one}
        for case in figures.cases
    ]
    return {
        "conditions": list(conditions),
        **asdict(figures),
        "cases": rows,
        "targets": [asdict(target) for target in targets(figures)],
    }
