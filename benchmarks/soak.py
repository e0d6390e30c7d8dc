#!/usr/bin/env python
"""Run mixed jobs on two clusters that are killed at random: `.venv/bin/python benchmarks/soak.py`.

In a database of its own on the server of DATABASE_URL, or on a server of its own without one. Prints what
became of all jobs, how memory, latency and the table grew; exit code 1 when anything is not as it must be.
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

from benchmarks.support.server import site_database  # noqa: E402


def main() -> int:
    options = _parse(sys.argv[1:])
    with (
        tempfile.TemporaryDirectory(prefix="soak-") as folder,
        site_database(
            "soak",
            settings="tests.chaos.settings",
            is_temporary=True,
            is_quiet=options.quiet,
            LOG_LEVEL="WARNING",
            CHAOS_JOURNAL=str(Path(folder) / "journal"),
        ),
    ):
        # Only now, when Django is there, can what uses it be imported.
        result = import_module("benchmarks.soak_run").soak(
            Path(folder), options.minutes * 60, random.Random(options.seed)
        )
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
        help="12 seconds of blows, within a minute",
    )
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="of the jobs and the blows")
    parser.add_argument("--quiet", action="store_true", help="print what was measured, not how far it is")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the result there, too")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
