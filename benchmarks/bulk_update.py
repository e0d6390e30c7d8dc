#!/usr/bin/env python
"""Measure bulk update requests on many posts: `.venv/bin/python benchmarks/bulk_update.py`.

In a database of its own on the server of DATABASE_URL, or on the project's own server, which is started for
it. Beside each request: the same rows edited by one bare UPDATE, and posts saved one after the other as
Danbooru does. Let nothing else run on the machine meanwhile.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
import time
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

PROJECT = Path(__file__).resolve().parent.parent
# In place of this folder, in which jobs.py would hide the package jobs.
sys.path[0] = str(PROJECT)

from benchmarks.bulk_update_cases import CASES  # noqa: E402
from benchmarks.bulk_update_report import as_json, table, targets  # noqa: E402
from benchmarks.bulk_update_run import Plan, measure  # noqa: E402
from benchmarks.databases import Server, server_address  # noqa: E402

TAGS = PROJECT.parent / "shared" / "data" / "danbooru-tags.csv"


def main() -> int:
    options = _parse(sys.argv[1:])
    url = os.environ.get("DATABASE_URL")
    if not url:
        _run_with_project_server()
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    started = time.monotonic()
    server = Server(server_address())
    name = f"danbooru_jobs_bulk_update_{os.getpid()}"
    tag_file = options.tags if options.tags.exists() else None
    plan = Plan(options.posts, options.sample, options.seed, tag_file, options.only)
    machine = f"{os.cpu_count()} CPUs, Python {platform.python_version()}, {server.describe()}"
    conditions = [machine, str(plan)]
    print("\n".join(conditions), flush=True)
    try:
        with server.database(name):
            os.environ["DATABASE_URL"] = urlsplit(url or "")._replace(path=f"/{name}").geturl()
            os.environ["DJANGO_SETTINGS_MODULE"] = "booru.settings"
            _migrate()
            figures = measure(plan, os.environ["DATABASE_URL"])
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except psycopg.Error as error:
        sys.exit(f"The database does not do what the benchmark needs: {error}")
    print(f"\n{table(figures)}\n\n{time.monotonic() - started:.0f} s.\n")
    for target in targets(figures):
        print(target)
    if options.json:
        options.json.write_text(json.dumps(as_json(figures, conditions), indent=2) + "\n")
    return 0


def _migrate() -> None:
    import_module("django").setup()
    import_module("django.core.management").call_command("migrate", verbosity=0)
    import_module("django.db").connections.close_all()


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--posts", type=int, default=1_000_000, help="default 1,000,000")
    parser.add_argument("--sample", type=int, default=500, help="posts to save one by one a case")
    parser.add_argument(
        "--quick",
        action="store_const",
        const=20_000,
        dest="posts",
        help="20,000 posts, within a minute",
    )
    names = [case.name for case in CASES]
    parser.add_argument("--only", choices=names, nargs="+", default=names, help="which requests")
    parser.add_argument("--tags", type=Path, default=TAGS, help="lines name,category,post_count,aliases")
    parser.add_argument("--seed", type=int, default=1, help="of the posts")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the table there, too")
    options = parser.parse_args(arguments)
    if options.posts < 1000:
        parser.error("fewer than 1,000 posts measure nothing")
    return options


def _run_with_project_server() -> None:
    """Run this again while the project's own server is lent to it."""
    lend = [sys.executable, str(PROJECT / "manage.py"), "postgres", "run"]
    command = [*lend, sys.executable, str(Path(__file__).resolve()), *sys.argv[1:]]
    os.execv(sys.executable, command)


if __name__ == "__main__":
    sys.exit(main())
