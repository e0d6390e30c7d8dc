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
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
# In place of this folder, in which jobs.py would hide the package jobs.
sys.path[0] = str(PROJECT)

from benchmarks.bulk_updates.cases import CASES  # noqa: E402
from benchmarks.bulk_updates.report import as_json, table, targets  # noqa: E402
from benchmarks.bulk_updates.run import Plan, measure  # noqa: E402
from benchmarks.support.server import lent_server, site_database  # noqa: E402

TAGS = PROJECT.parent / "shared" / "data" / "danbooru-tags.csv"


def main() -> int:
    options = _parse(sys.argv[1:])
    started = time.monotonic()
    tag_file = options.tags if options.tags.exists() else None
    plan = Plan(options.posts, options.sample, options.seed, tag_file, options.only)
    with lent_server(is_quiet=options.quiet) as server:
        machine = f"{os.cpu_count()} CPUs, Python {platform.python_version()}, {server.describe()}"
        conditions = [machine, str(plan)]
        print("\n".join(conditions), flush=True)
        with site_database("bulk_update", is_quiet=options.quiet) as url:
            figures = measure(plan, url)
    print(f"\n{table(figures)}\n\n{time.monotonic() - started:.0f} s.\n")
    for target in targets(figures):
        print(target)
    if options.json:
        options.json.write_text(json.dumps(as_json(figures, conditions), indent=2) + "\n")
    return 0


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
    parser.add_argument("--quiet", action="store_true", help="print what was measured, not how far it is")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the table there, too")
    options = parser.parse_args(arguments)
    if options.posts < 1000:
        parser.error("fewer than 1,000 posts measure nothing")
    return options


if __name__ == "__main__":
    sys.exit(main())
