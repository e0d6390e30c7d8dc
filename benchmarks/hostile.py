#!/usr/bin/env python
"""Attack the site as visitors and members can: `.venv/bin/python benchmarks/hostile.py`.

Starts it as in production, under gunicorn and with all limits on, fills it, and sends the dearest request to
every address, eight at a time. Beside each stands how long somebody else waited for /login meanwhile. In a
database of its own on the server of DATABASE_URL, or on the project's own server, which is started for it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
# In place of this folder, in which jobs.py would hide the package jobs.
sys.path[0] = str(PROJECT)

from benchmarks.contest.report import Target  # noqa: E402
from benchmarks.hostile_requests.cases import Case, addresses, cases  # noqa: E402
from benchmarks.hostile_requests.run import Attack, Figures, wait_until_up  # noqa: E402
from benchmarks.support.processes import running_workers  # noqa: E402
from benchmarks.support.server import lent_server, site_database  # noqa: E402

TAGS = PROJECT.parent / "shared" / "data" / "danbooru-tags.csv"
# Seconds that a bystander may wait in 95 of 100 times, and that a request may take: its limit, and the rest.
BYSTANDER, REQUEST = 1.0, 15.0


def main() -> int:
    options = _parse(sys.argv[1:])
    started = time.monotonic()
    with lent_server(is_temporary=options.temporary) as server:
        print(f"{os.cpu_count()} CPUs, Python {platform.python_version()}, {server.describe()}", flush=True)
        variables = {"LOG_LEVEL": "ERROR", "DANBOORU_RATE_LIMITS": "true", "JOBS_MODE": "external"}
        if options.each_afresh:
            variables["DANBOORU_COST_LIMITS"] = "anonymous=0;gold=0;platinum=0;builder=0;moderator=0"
        with site_database("hostile", **variables), tempfile.TemporaryDirectory() as folder:
            filled = _fill(options)
            found, missing = _cases(filled["records"])
            chosen = [case for case in found if options.only in case.name]
            with _site(Path(folder) / "web.log") as port:
                figures = _attack(options, port, filled["key"], chosen)
    print(f"\n{time.monotonic() - started:.0f} s.\n")
    targets = _targets(figures, missing, is_measured=not options.quick)
    print(*targets, sep="\n")
    if options.json:
        options.json.write_text(json.dumps([_as_json(row) for row in figures], indent=2) + "\n")
    return 1 if any(target.is_reached is False for target in targets) else 0


def _fill(options: argparse.Namespace) -> dict[str, Any]:
    tags = [str(options.tags)] if options.tags.exists() and not options.quick else []
    command = [sys.executable, "-m", "benchmarks.hostile_requests.steps", str(options.posts), *tags]
    done = subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit("The site could not be filled.")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _cases(records: dict[str, str]) -> tuple[list[Case], list[str]]:
    from django.urls import get_resolver  # noqa: PLC0415 -- settings are those of the block

    return cases(list(addresses(get_resolver().url_patterns)), records)


@contextmanager
def _site(log: Path) -> Iterator[int]:
    """The site's port. As in production: what gunicorn.conf.py says counts."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = (sys.executable, "-m", "gunicorn", "booru.wsgi", "--bind", f"127.0.0.1:{port}")
    with running_workers([command], os.environ, log) as (process,):
        wait_until_up(port, lambda: process.poll() is None)
        yield port


def _attack(options: argparse.Namespace, port: int, key: str, chosen: Sequence[Case]) -> list[Figures]:
    at_once = 4 if options.quick else 8
    attack = Attack(port, key, at_once=at_once, times=options.times, seconds=options.seconds)
    rows = [attack.alone()]
    print(f"\n{'slowest':>8} {'/login p50':>10} {'p95':>6}  answers")
    print(_line(rows[0]), flush=True)
    for case in chosen:
        rows.append(attack.run(case))
        print(_line(rows[-1]), flush=True)
    return rows


def _line(row: Figures) -> str:
    answers = ", ".join(f"{count} x {status}" for status, count in sorted(row.statuses.items()))
    return f"{row.slowest:7.2f}s {row.p50:9.3f}s {row.p95:5.2f}s  {row.name[:90]}  {answers}"


def _targets(rows: Sequence[Figures], missing: Sequence[str], *, is_measured: bool) -> list[Target]:
    attacked = rows[1:] or rows
    worst = max(attacked, key=lambda row: row.p95)
    slowest = max(attacked, key=lambda row: row.slowest)
    broken = [row.name for row in attacked if row.statuses[500] or row.statuses[0]]
    return [
        Target("every address has a hostile case", not missing, ", ".join(missing) or "all"),
        Target("no error 500, no connection lost", not broken, ", ".join(broken) or "none"),
        Target(
            f"a bystander's p95 under {BYSTANDER:.0f} s",
            worst.p95 < BYSTANDER if is_measured else None,
            f"{worst.p95:.2f} s beside {worst.name}",
        ),
        Target(
            f"each request within {REQUEST:.0f} s",
            slowest.slowest < REQUEST if is_measured else None,
            f"{slowest.slowest:.2f} s for {slowest.name}",
        ),
    ]


def _as_json(row: Figures) -> dict[str, Any]:
    figures = {"name": row.name, "slowest": row.slowest, "p50": row.p50, "p95": row.p95}
    return {**figures, "statuses": dict(row.statuses), "requests": len(row.seconds)}


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--posts", type=int, default=30_000, help="default 30,000")
    parser.add_argument("--times", type=int, default=3, help="requests of each of the eight, default 3")
    parser.add_argument("--seconds", type=float, default=4, help="after which none is begun, default 4")
    parser.add_argument("--tags", type=Path, default=TAGS, metavar="FILE", help="as for import_tags")
    parser.add_argument("--only", default="", metavar="TEXT", help="addresses with this in them")
    parser.add_argument(
        "--each-afresh",
        action="store_true",
        help="without the limit of cost, as if each request came from somebody who owes nothing",
    )
    parser.add_argument("--temporary", action="store_true", help="on a server of its own")
    parser.add_argument(
        "--quick", action="store_true", help="few records, one round, four at a time; no verdict on the times"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    options = parser.parse_args(arguments)
    if options.quick:
        options.posts, options.times, options.seconds = 500, 1, 0.5
    return options


if __name__ == "__main__":
    sys.exit(main())
