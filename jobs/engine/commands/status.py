"""`manage.py jobs status`: what runs and what waits; fails when somebody has to look after it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.management.base import CommandError
from django.core.serializers.json import DjangoJSONEncoder

from jobs.engine import pauses
from jobs.engine.commands import status_record, status_text
from jobs.engine.commands.subcommand import Subcommand, Write
from jobs.engine.commands.table import one_line
from jobs.engine.insight import job_search, queue_sizes
from jobs.engine.insight.queue_sizes import QueueSize
from jobs.engine.insight.workforce import ClusterState, cluster_states
from jobs.engine.models import Pause
from jobs.engine.templatetags.jobs import moments


@dataclass(frozen=True, slots=True)
class Status:
    """Everything at one glance; counts by state end at "1000+"."""

    clusters: list[ClusterState]
    queues: list[QueueSize]
    counts: dict[str, str]
    pauses: list[Pause]

    def problem(self, max_wait: timedelta) -> str | None:
        """What is wrong, in one line; what waits in a paused queue is not."""
        if not any(state.workers for state in self.clusters):
            return "no worker is alive; start one with `manage.py qcluster`"
        waits = [
            (size.oldest_wait, size.name) for size in self.queues if size.oldest_wait and not size.is_paused
        ]
        wait, name = max(waits, default=(timedelta(), ""))
        if wait > max_wait:
            limit = f"{max_wait.total_seconds():.0f} seconds"
            return f"the oldest job in queue {one_line(name)} has waited {moments(wait)}, longer than {limit}"
        return None


def read() -> Status:
    """The status now."""
    alive = [cluster for cluster in cluster_states() if cluster.is_alive]
    return Status(alive, queue_sizes.queue_sizes(), job_search.counts(), pauses.paused())


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--max-wait",
        type=int,
        default=300,
        metavar="SECONDS",
        help="fail when a job that could start has waited for longer (default: 300)",
    )
    parser.add_argument("--json", action="store_true", help="for programs")


def _show(options: dict[str, Any], write: Write) -> None:
    try:
        max_wait = timedelta(seconds=options["max_wait"])
    except OverflowError:
        max_wait = timedelta.max
    status = read()
    problem = status.problem(max_wait)
    if options["json"]:
        record = {"ok": problem is None, "problem": problem, **status_record.record(status)}
        write(json.dumps(record, cls=DjangoJSONEncoder, indent=2))
    else:
        write(status_text.text(status))
    if problem:
        raise CommandError(problem)


SUBCOMMAND = Subcommand(
    "status", "the workers, the queues, and how many jobs there are in each state", _add_arguments, _show
)
