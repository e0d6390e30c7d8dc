"""`manage.py jobs list`: the jobs, newest first."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import UTC
from typing import Any

from django.core.management.base import CommandError
from django.core.serializers.json import DjangoJSONEncoder

from jobs.engine.commands import chosen
from jobs.engine.commands.subcommand import Subcommand, Write
from jobs.engine.commands.table import one_line, table
from jobs.engine.insight import excerpts, job_search
from jobs.engine.insight.job_record import job_record, progress_of
from jobs.engine.models import BackgroundJob, BackgroundJobQuerySet, JobStatus
from jobs.engine.templatetags.jobs import hold, state, stopwatch

# The dashboard's states, and the engine's own that are part of those.
_STATES = tuple(dict.fromkeys([*(name.lower() for name in job_search.STATUSES), *JobStatus.values]))
_HEADER = ("ID", "STATUS", "QUEUE", "PRIORITY", "ATTEMPTS", "CREATED", "RUNTIME", "NAME", "DETAIL")
_NUMBERS = {"PRIORITY", "ATTEMPTS", "RUNTIME"}
# Letters of a detail.
_WIDTH = 60


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--status", help=f"one of {', '.join(_STATES)}")
    parser.add_argument("--queue", help="only this queue")
    parser.add_argument(
        "--name", metavar="CLASS", help="only this job class: its path, its name or its words"
    )
    parser.add_argument("--limit", type=int, default=20, help="how many at most (default: 20)")
    parser.add_argument("--json", action="store_true", help="for programs; says what is cut")


def _show(options: dict[str, Any], write: Write) -> None:
    if options["limit"] < 1:
        raise CommandError(f"the limit must be at least 1, not {options['limit']}")
    jobs = list(_asked(options)[: min(options["limit"], 2**31)])
    if options["json"]:
        records = [job_record(job, everything=True) for job in jobs]
        write(json.dumps(records, cls=DjangoJSONEncoder, indent=2))
    elif jobs:
        pauses = job_search.pauses()
        write(table(_HEADER, (_row(job, pauses) for job in jobs), right=_NUMBERS))
    else:
        write("No jobs.")


def _asked(options: dict[str, Any]) -> BackgroundJobQuerySet:
    status = (options["status"] or "").lower()
    if status and status not in _STATES:
        raise CommandError(one_line(f"there is no status {status}; there are {', '.join(_STATES)}"))
    value = {"queue_name": chosen.queue(options["queue"])} if options["queue"] is not None else {}
    jobs = job_search.search({"status": status, **value}, everything=True)
    if status and status.capitalize() not in job_search.STATUSES:
        jobs = jobs.with_status(JobStatus(status))
    if options["name"] is not None:
        jobs = jobs.filter(job_class=chosen.job_class(options["name"]))
    return jobs


def _row(job: BackgroundJob, pauses: list[tuple[str, str]]) -> tuple[str, ...]:
    return (
        str(job.pk),
        state(job),
        job.queue_name,
        str(job.priority),
        str(job.attempts),
        job.enqueued_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        stopwatch(job.duration) or "-",
        job.name,
        _shortened(_detail(job, pauses)),
    )


def _detail(job: BackgroundJob, pauses: list[tuple[str, str]]) -> str:
    """Why it waits, how far it is, or what went wrong last."""
    if reason := hold(job, pauses):
        return reason
    if progress := progress_of(job):
        percent = f"{progress.percent}%" if progress.percent is not None else ""
        if job.finished_at is None:
            return " ".join(filter(None, [percent, progress.text]))
    return excerpts.error_of(job).text or ""


def _shortened(text: str) -> str:
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 3]}..."


SUBCOMMAND = Subcommand("list", "the jobs, newest first", _add_arguments, _show)
