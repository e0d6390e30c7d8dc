#!/usr/bin/env python
"""Run mixed jobs on two clusters that are killed at random: `.venv/bin/python benchmarks/soak.py`.

In a database of its own on the server of DATABASE_URL, or on a server of its own without one. Prints what
became of all jobs, how memory, latency and the table grew; exit code 1 when anything is not as it must be.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

PROJECT = Path(__file__).resolve().parent.parent
# In place of this folder, in which jobs.py would hide the package jobs.
sys.path[0] = str(PROJECT)

from benchmarks.databases import Server, server_address  # noqa: E402

SETTINGS = {"DJANGO_SETTINGS_MODULE": "tests.chaos.settings", "LOG_LEVEL": "WARNING"}


def main() -> int:
    options = _parse(sys.argv[1:])
    url = os.environ.get("DATABASE_URL")
    if not url:
        lend = [sys.executable, str(PROJECT / "manage.py"), "postgres", "run", "--temporary"]
        os.execv(sys.executable, [*lend, sys.executable, str(Path(__file__).resolve()), *sys.argv[1:]])
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    name = f"danbooru_jobs_soak_{os.getpid()}"
    with Server(server_address()).database(name), tempfile.TemporaryDirectory(prefix="soak-") as folder:
        os.environ |= SETTINGS
        os.environ["DATABASE_URL"] = urlsplit(url)._replace(path=f"/{name}").geturl()
        os.environ["CHAOS_JOURNAL"] = str(Path(folder) / "journal")
        import_module("django").setup()
        import_module("django.core.management").call_command("migrate", verbosity=0)
        # Only now, when Django is there, can what uses it be imported.
        result = import_module("benchmarks.soak_run").soak(
            Path(folder), options.minutes * 60, random.Random(options.seed)
        )
        import_module("django.db").connections.close_all()
    print(f"\nSeed {options.seed}.")
    if options.json:
        options.json.write_text(json.dumps({"seed": options.seed, **result}, indent=2) + "\n")
    for fault in result["faults"]:
        print(f"WRONG: {fault}")
    return 1 if result["faults"] else 0


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="of the jobs and the blows")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the result there, too")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
