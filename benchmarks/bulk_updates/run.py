"""Carries out the plan, step after step, and collects the figures."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.bulk_updates.cases import WAITING, Case, case_named
from benchmarks.bulk_updates.plain import edit_plainly
from jobs.engine.insight.long_work import long_work, tell

PROJECT = Path(__file__).resolve().parents[2]
# Seconds of edits beside nothing, to compare with.
_IDLE = 3


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    posts: int
    # Saved one by one, for each case.
    sample: int
    seed: int
    tag_file: Path | None
    cases: Sequence[str]

    def __str__(self) -> str:
        source = f"tags of {self.tag_file.name}" if self.tag_file else "tags made up by Zipf's law"
        return f"{self.posts:,} posts, {source}; {self.sample:,} posts a case saved one by one"


@dataclass(frozen=True)
class Speed:
    """One way to edit the posts of a case."""

    posts: int
    seconds: float
    # Bytes a post; None where it was not measured.
    wal: float | None = None
    # Of the process, in MiB.
    peak_mib: float | None = None

    @property
    def posts_per_second(self) -> float:
        return self.posts / self.seconds


@dataclass(frozen=True)
class CaseFigures:
    """A bulk update request beside the limit and the peer."""

    name: str
    ours: Speed
    plain: Speed
    one_by_one: Speed

    @property
    def of_plain(self) -> float:
        """How much of the speed of bare SQL."""
        return self.ours.posts_per_second / self.plain.posts_per_second

    @property
    def times_one_by_one(self) -> float:
        return self.ours.posts_per_second / self.one_by_one.posts_per_second


@dataclass
class Figures:
    """Everything that was measured; times in milliseconds."""

    cases: list[CaseFigures] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    idle_waits: list[float] = field(default_factory=list)
    one_tag: list[float] = field(default_factory=list)
    two_tags: list[float] = field(default_factory=list)


def measure(plan: Plan, url: str) -> Figures:
    """Fill the database and measure every case."""
    figures = Figures()
    with psycopg.connect(url, autocommit=True) as connection:
        board = _step("fill", plan.posts, plan.seed, plan.tag_file or "")
        tell(f"{board['tags_per_post']} tags a post, table and indexes {board['bytes'] / 2**20:,.0f} MiB")
        _settle(connection)
        searches = _step("search", plan.seed)
        figures.one_tag, figures.two_tags = searches["one_tag"], searches["two_tags"]
        for place, case in enumerate(case_named(name) for name in plan.cases):
            figures.cases.append(_measure_case(case, place, plan, connection))
        _settle(connection)
        figures.idle_waits = _waits_beside(lambda: time.sleep(_IDLE), is_busy=False)
        figures.waits = _waits_beside(lambda: _step("apply", WAITING.name), is_busy=True)
    return figures


def _measure_case(case: Case, place: int, plan: Plan, connection: psycopg.Connection[Any]) -> CaseFigures:
    one_by_one = Speed(**_step("one_by_one", case.name, plan.sample))
    _settle(connection)
    plain = Speed(**edit_plainly(case, place, connection))
    _settle(connection)
    ours = Speed(**_step("apply", case.name))
    figures = CaseFigures(case.name, ours, plain, one_by_one)
    tell(
        f"{case.name}: {ours.posts_per_second:,.0f} posts/s, bare SQL {plain.posts_per_second:,.0f}, "
        f"one by one {one_by_one.posts_per_second:,.0f}"
    )
    return figures


def _settle(connection: psycopg.Connection[Any]) -> None:
    """Let no step pay for what an earlier one left to do."""
    for table in ("posts", "post_versions", "tags"):
        connection.execute(f"VACUUM (ANALYZE) {table}")
    connection.execute("CHECKPOINT")


def _waits_beside(work: Any, *, is_busy: bool) -> list[float]:
    """How long single edits take meanwhile."""
    with _started("edit_beside", int(is_busy)) as editor:
        assert editor.stdout
        editor.stdout.readline()
        work()
        answer, _ = editor.communicate("stop\n")
    if editor.returncode:
        sys.exit("The edits beside the bulk update failed.")
    return list(json.loads(answer)["waits"])


def _step(*arguments: object) -> dict[str, Any]:
    """Run a step of bulk_update_steps.py and give its answer."""
    started = time.monotonic()
    with long_work(" ".join(map(str, arguments))), _started(*arguments) as process:
        answer, _ = process.communicate()
    if process.returncode:
        sys.exit(f"The step {' '.join(map(str, arguments))} failed.")
    tell(f"  {' '.join(map(str, arguments))}: {time.monotonic() - started:.1f} s")
    return dict(json.loads(answer))


def _started(*arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "benchmarks.bulk_updates.steps", *map(str, arguments)]
    return subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
