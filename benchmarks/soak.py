#!/usr/bin/env python
"""Run mixed jobs on two clusters while all goes wrong: `.venv/bin/python benchmarks/soak.py`.

Processes and whole clusters are killed at random, the database restarts, crashes, freezes or takes no
changes, connections break, the mail server drips, and jobs come before the workers that know them. All of it
on a PostgreSQL of its own. Prints what became of all jobs, how memory, latency and the table grew; exit code
1 when anything is not as it must be.

With --one-by-one each blow falls alone, and a table says what it cost; with --crowds thousands of jobs wait.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from importlib import import_module
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
# In place of this folder, in which jobs.py would hide the package jobs.
sys.path[0] = str(PROJECT)

from benchmarks.support.server import restartable_server  # noqa: E402

# As in ordeal/blows.py, which needs Django.
BLOWS = (
    *("worker", "connections", "pusher", "monitor", "sentinel", "master", "cluster", "restart", "deploy"),
    *("database", "crash", "frozen", "read-only", "mail"),
)


def main() -> int:
    options = _parse(sys.argv[1:])
    with (
        tempfile.TemporaryDirectory(prefix="soak-") as folder,
        restartable_server(
            settings="tests.chaos.settings",
            is_quiet=options.quiet,
            LOG_LEVEL="WARNING",
            CHAOS_JOURNAL=str(Path(folder) / "journal"),
            # Of every version: it enqueues what the clusters do not know yet.
            CHAOS_VERSION="1000000",
        ) as database,
    ):
        # Only now, when Django is there, can what uses it be imported.
        run = import_module("benchmarks.ordeal.run")
        rng = random.Random(options.seed)
        if options.crowds:
            result = run.crowds(Path(folder), database, rng, size=options.crowds)
        elif options.one_by_one:
            result = run.one_by_one(
                Path(folder),
                database,
                rng,
                names=options.blows,
                times=options.times,
                read_only=options.read_only or 60,
            )
        else:
            result = run.soak(Path(folder), database, options.minutes * 60, rng, options.read_only or 5)
    print(f"\nSeed {options.seed}.")
    if options.json:
        options.json.write_text(json.dumps({"seed": options.seed, **result}, indent=2) + "\n")
    for fault in result["faults"]:
        print(f"WRONG: {fault}")
    return 1 if result["faults"] else 0


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument(
        "--quick",
        dest="minutes",
        action="store_const",
        const=0.2,
        help="12 seconds of blows, within two minutes",
    )
    parser.add_argument(
        "--one-by-one", action="store_true", help="each blow alone; a table as in docs/faults.md"
    )
    parser.add_argument("--times", type=int, default=1, help="how often each falls with --one-by-one")
    parser.add_argument(
        "--blows", nargs="+", choices=BLOWS, default=BLOWS, metavar="BLOW", help=f"some of {', '.join(BLOWS)}"
    )
    parser.add_argument(
        "--crowds",
        type=int,
        nargs="?",
        const=10_000,
        metavar="JOBS",
        help="so many jobs of one lock key, of many, and twice as many that fail, while workers are killed",
    )
    parser.add_argument(
        "--read-only",
        type=float,
        metavar="SECONDS",
        help="how long nothing can be written; 5, with --one-by-one 60",
    )
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="of the jobs and the blows")
    parser.add_argument("--quiet", action="store_true", help="print what was measured, not how far it is")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the result there, too")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
