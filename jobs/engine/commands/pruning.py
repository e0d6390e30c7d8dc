"""`manage.py jobs prune`: delete old finished jobs now."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import CommandError

from jobs.engine.commands.subcommand import Subcommand, Write
from jobs.engine.commands.table import one_line
from jobs.engine.retention import prune_jobs

_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}


def span(text: str) -> timedelta:
    """ "3d", "12h" or "45m". Raises CommandError."""
    found = re.fullmatch(r"([0-9]{1,5})([dhm])", text)
    if found is None:
        raise CommandError(one_line(f"{text} is not a span of time; write 3d, 12h or 45m"))
    return int(found[1]) * _UNITS[found[2]]


def _prune(options: dict[str, Any], write: Write) -> None:
    older_than = options["older_than"]
    count = prune_jobs(span(older_than) if older_than is not None else None)
    write(f"{count} {'job' if count == 1 else 'jobs'} deleted")


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--older-than",
        metavar="SPAN",
        help="that finished longer ago: 3d, 12h or 45m (default: JOBS_RETENTION)",
    )


SUBCOMMAND = Subcommand("prune", "delete old finished jobs", _add_arguments, _prune)
