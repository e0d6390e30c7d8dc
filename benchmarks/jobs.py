#!/usr/bin/env python
"""Measure this engine beside other job queues on one PostgreSQL: `.venv/bin/python benchmarks/jobs.py`.

Every contender has a database of its own on the server of DATABASE_URL, or on the project's own server,
which is started for it; nothing else there is touched. The jobs do nothing, commits are durable, and finished
jobs are kept. Let nothing else run on the machine meanwhile.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
# In place of this folder, in which jobs.py would hide the package jobs.
sys.path[0] = str(PROJECT)

from benchmarks.contenders import LINEUP, Contender  # noqa: E402
from benchmarks.contest.plan import FULL, QUICK, Plan  # noqa: E402
from benchmarks.contest.report import FULL as FULL_SUFFIX  # noqa: E402
from benchmarks.contest.report import OURS, Row, as_json, make_row, table, targets  # noqa: E402
from benchmarks.contest.rounds import Course, course_of  # noqa: E402
from benchmarks.support.databases import Server  # noqa: E402
from benchmarks.support.measure import median  # noqa: E402
from benchmarks.support.processes import ContenderFailed  # noqa: E402
from benchmarks.support.server import lent_server  # noqa: E402
from jobs.engine.insight.long_work import long_work, tell  # noqa: E402


def main() -> int:
    options = _parse(sys.argv[1:])
    started = time.monotonic()
    plan: Plan = options.plan
    contenders = _present(options.only or plan.contenders())
    with lent_server(is_quiet=options.quiet) as server:
        conditions = [
            f"{os.cpu_count()} CPUs, Python {platform.python_version()}, {server.describe()}",
            ", ".join(sorted({version for contender in contenders for version in contender.versions()})),
        ]
        print("\n".join(conditions), flush=True)
        rows = _measure(contenders, plan, server)
    print(f"\n{table(rows)}\n")
    print(f"{plan}\nMemory: PSS of all idle worker processes. {time.monotonic() - started:.0f} s.\n")
    for target in targets(rows):
        print(target)
    if options.json:
        options.json.write_text(json.dumps(as_json(rows, plan, conditions), indent=2) + "\n")
    return 0


def _measure(contenders: list[Contender], plan: Plan, server: Server) -> list[Row]:
    with ExitStack() as stack:
        courses = [stack.enter_context(course_of(contender, plan, server)) for contender in contenders]
        courses = _side_by_side("install", Course.install, courses)
        # In turns, so that a busy minute of the machine is everybody's.
        for number in range(1, plan.repetitions + 1):
            courses = _in_turn(f"empty tables {number}", Course.run, courses)
        courses = _side_by_side("count", Course.count, courses)
        full = [course for course in courses if course.contender.is_filled]
        full = _side_by_side("fill", Course.fill, full)
        for number in range(1, plan.repetitions + 1):
            full = _in_turn(f"full tables {number}", Course.run_full, full)
    return _rows(courses, full)


def _in_turn(what: str, step: Callable[[Course], None], courses: list[Course]) -> list[Course]:
    """Do a step with each; one that fails is out, and the others go on."""
    done = []
    for course in courses:
        with long_work(f"{course.contender.title}: {what}"):
            if _is_done(what, step, course):
                done.append(course)
    return done


def _side_by_side(what: str, step: Callable[[Course], None], courses: list[Course]) -> list[Course]:
    """The same with some at once, for steps that measure no time."""
    with long_work(what), ThreadPoolExecutor(os.cpu_count()) as threads:
        done = threads.map(lambda course: _is_done(what, step, course), courses)
    return [course for course, is_done in zip(courses, done, strict=True) if is_done]


def _is_done(what: str, step: Callable[[Course], None], course: Course) -> bool:
    started, failure = time.monotonic(), None
    try:
        step(course)
    except ContenderFailed as error:
        failure = str(error)
    outcome = failure or f"{time.monotonic() - started:.1f} s"
    tell(f"{course.contender.title}: {what}: {outcome}")
    return failure is None


def _rows(courses: list[Course], full: list[Course]) -> list[Row]:
    ours = next((median(course.empty.work_off) for course in courses if course.contender.name == OURS), None)
    rows = [make_row(course.contender.name, course.contender.title, course.empty, ours) for course in courses]
    rows += [
        make_row(
            f"{course.contender.name}{FULL_SUFFIX}",
            f"{course.contender.title}, full tables",
            course.full,
            ours,
        )
        for course in full
    ]
    return rows


def _present(names: list[str]) -> list[Contender]:
    """The chosen contenders whose packages are installed."""
    chosen = [contender for contender in LINEUP if contender.name in names]
    for contender in chosen:
        if missing := contender.missing():
            print(
                f"{contender.title} is left out: {', '.join(missing)} not installed; "
                'run: .venv/bin/pip install -e ".[bench]"',
                file=sys.stderr,
            )
    return [contender for contender in chosen if not contender.missing()]


def _parse(arguments: list[str]) -> argparse.Namespace:
    names = [contender.name for contender in LINEUP]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "--quick",
        dest="plan",
        action="store_const",
        const=QUICK,
        default=FULL,
        help="fewer jobs, one repetition, within a minute; the full run takes about 20",
    )
    parser.add_argument("--quiet", action="store_true", help="print what was measured, not how far it is")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the table there, too")
    parser.add_argument(
        "--only",
        type=lambda text: text.split(","),
        default=[],
        metavar="NAME,...",
        help=f"only these of {', '.join(names)}",
    )
    options = parser.parse_args(arguments)
    if unknown := set(options.only) - set(names):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    return options


if __name__ == "__main__":
    sys.exit(main())
