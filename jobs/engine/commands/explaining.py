"""`manage.py jobs explain`: why a job does not run, or where it does."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from jobs.engine.commands import chosen
from jobs.engine.commands.subcommand import Subcommand, Write
from jobs.engine.commands.table import one_line
from jobs.engine.insight import excerpts
from jobs.engine.insight.explain import explain
from jobs.engine.models import BackgroundJob


def _explain(options: dict[str, Any], write: Write) -> None:
    job = chosen.job(options["id"])
    reason = explain(job) or _end(chosen.job(options["id"]))
    write(one_line(f"{job.pk}  {job.name}: {reason}"))


def _end(job: BackgroundJob) -> str:
    """How a job has ended: nothing keeps it any more."""
    error = excerpts.error_of(job)
    if not error.text:
        return job.status_now
    return f"{job.status_now}: {error.text}{' …' if error.is_cut else ''}"


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="a job")


SUBCOMMAND = Subcommand("explain", "why a job does not run, or where it does", _add_arguments, _explain)
