#!/usr/bin/env python
"""Measure emails through two workers: `.venv/bin/python benchmarks/mail.py`.

Notices of private messages, through `manage.py qcluster` to a mail server on this machine that refuses every
tenth connection. Beside them a plain loop in one process does the same for one message after the other: load
it, render, send over a connection of its own, record; what is refused it tries again at once. In a database
of its own on the server of DATABASE_URL, or on the project's own server, which is started for it. Let nothing
else run on the machine meanwhile.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
# In place of this folder, in which jobs.py would hide the package jobs.
sys.path[0] = str(PROJECT)

from benchmarks.contest.report import Target  # noqa: E402
from benchmarks.support.measure import median  # noqa: E402
from benchmarks.support.processes import running_workers  # noqa: E402
from benchmarks.support.server import lent_server, site_database  # noqa: E402
from jobs.engine.insight.long_work import long_work  # noqa: E402

# How many times the speed of the loop the workers shall have.
LEAST = 1.5
_WARM_UP = 20


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    emails: int
    repetitions: int
    workers: int

    def __str__(self) -> str:
        return (
            f"Medians of {self.repetitions} repetition(s) of {self.emails:,} emails, {self.workers} workers"
        )


@dataclass
class Figures:
    """Emails a second, a value a repetition; and the numbers of what went wrong, which shall be 0."""

    loop: list[float] = field(default_factory=list)
    workers: list[float] = field(default_factory=list)
    lost: int = 0
    doubled: int = 0
    failed: int = 0
    # Connections that the sink took and refused, of the workers.
    taken: int = 0
    refused: int = 0

    @property
    def ratio(self) -> float | None:
        loop, workers = median(self.loop), median(self.workers)
        return workers / loop if loop and workers else None


class Sink:
    """The mail server, a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.port = self._answer()["port"]

    def take(self) -> dict[str, Any]:
        """What arrived since the last call."""
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout
        return dict(json.loads(self.process.stdout.readline()))


def main() -> int:
    options = _parse(sys.argv[1:])
    plan = Plan(options.emails, options.repetitions, options.workers)
    with lent_server(is_quiet=options.quiet) as server:
        machine = f"{os.cpu_count()} CPUs, Python {platform.python_version()}, {server.describe()}"
        print(f"{machine}\n{plan}", flush=True)
        started = time.monotonic()
        with (
            _sink() as sink,
            tempfile.TemporaryDirectory() as folder,
            site_database("mail", is_quiet=options.quiet, **_variables(sink, plan)),
        ):
            figures = _measure(plan, sink, Path(folder) / "workers.log")
    _tell(figures)
    print(f"{time.monotonic() - started:.0f} s.\n")
    targets = _targets(figures, is_measured=not options.quick)
    print(*targets, sep="\n")
    if options.json:
        record = {"conditions": [machine, str(plan)], "plan": asdict(plan), **asdict(figures)}
        record |= {"ratio": figures.ratio, "targets": [asdict(target) for target in targets]}
        options.json.write_text(json.dumps(record, indent=2) + "\n")
    return 1 if any(target.is_reached is False for target in targets) else 0


def _variables(sink: Sink, plan: Plan) -> Mapping[str, str]:
    return {
        "DANBOORU_MAIL_DELIVERY_URL": f"smtp://127.0.0.1:{sink.port}",
        "DANBOORU_CANONICAL_URL": "https://booru.example",
        "JOBS_WORKERS": str(plan.workers),
        "JOBS_MODE": "external",
        # Nothing else waits for a worker.
        "JOBS_QUEUE_LIMITS": f"mail={plan.workers}",
        # A line an email would measure the terminal.
        "LOG_LEVEL": "ERROR",
    }


def _measure(plan: Plan, sink: Sink, log: Path) -> Figures:
    figures = Figures()
    _step("fill", plan.emails)
    command = (sys.executable, "manage.py", "qcluster")
    with long_work("Measuring", 2 * plan.repetitions, "rounds") as done:
        for _ in range(plan.repetitions):
            # In turns, so that a busy minute of the machine is everybody's.
            _step("loop", _WARM_UP)
            sink.take()
            figures.loop.append(plan.emails / _step("loop", plan.emails)["seconds"])
            _count_loop(figures, sink.take(), plan)
            done(1)
            with running_workers([command], os.environ, log):
                _step("workers", _WARM_UP)
                answer = _step("workers", plan.emails)
            figures.workers.append(plan.emails / answer["seconds"])
            _count_workers(figures, answer, sink.take())
            done(1)
    return figures


def _count_loop(figures: Figures, arrived: dict[str, Any], plan: Plan) -> None:
    """The loop has to do its part, too, or the comparison means nothing."""
    figures.lost += plan.emails - len(arrived["message_ids"])


def _count_workers(figures: Figures, answer: dict[str, Any], arrived: dict[str, Any]) -> None:
    counts = arrived["message_ids"]
    figures.lost += sum(message_id not in counts for message_id in answer["message_ids"])
    figures.doubled += sum(count - 1 for count in counts.values())
    figures.failed += answer["failed"]
    figures.taken += arrived["taken"]
    figures.refused += arrived["refused"]


def _tell(figures: Figures) -> None:
    print(f"\nplain loop  {median(figures.loop):,.0f} emails/s")
    print(f"workers     {median(figures.workers):,.0f} emails/s, {figures.ratio:.2f} times the loop")
    print(f"The workers' connections: {figures.taken} taken, {figures.refused} refused.")


def _targets(figures: Figures, *, is_measured: bool) -> list[Target]:
    wrong = (figures.lost, figures.doubled, figures.failed)
    once = "{} lost, {} sent twice, {} failed".format(*wrong)
    ratio = figures.ratio or 0
    is_fast = ratio >= LEAST if is_measured else None
    return [
        Target(f"at least {LEAST} times the loop", is_fast, f"{ratio:.2f}"),
        Target("each email exactly once", not any(wrong), once),
    ]


def _step(*arguments: object) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.emails.steps", *map(str, arguments)]
    done = subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(f"The step {' '.join(map(str, arguments))} failed.")
    return dict(json.loads(done.stdout))


@contextmanager
def _sink() -> Iterator[Sink]:
    command = [sys.executable, "-m", "benchmarks.emails.sink"]
    process = subprocess.Popen(
        command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        yield Sink(process)
    finally:
        process.kill()
        process.wait()


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--emails", type=int, default=1000, help="default 1,000")
    parser.add_argument("--workers", type=int, default=2, help="default 2")
    parser.add_argument("--repetitions", type=int, default=3, help="default 3")
    parser.add_argument(
        "--quick", action="store_true", help="100 emails, once, within a minute; no verdict on the speed"
    )
    parser.add_argument("--quiet", action="store_true", help="print what was measured, not how far it is")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    options = parser.parse_args(arguments)
    if options.quick:
        options.emails, options.repetitions = 100, 1
    return options


if __name__ == "__main__":
    sys.exit(main())
