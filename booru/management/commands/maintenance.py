"""manage.py maintenance: enqueues by hand what the schedule enqueues."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from jobs.engine.insight.long_work import add_quiet, is_quiet
from jobs.schedule import LISTS

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from jobs.engine.base import Job

logger = logging.getLogger("booru.maintenance")


class Command(BaseCommand):
    help = (
        "Enqueue the jobs that the schedule enqueues every hour, day, week or month. Each goes to the "
        "workers at once; one that is running already runs again after that."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("list", choices=list(LISTS), help="which jobs")
        add_quiet(parser)

    def handle(self, **options: Any) -> None:
        jobs = LISTS[options["list"]]
        self._is_quiet = is_quiet(options)
        if not jobs:
            self._tell(f"There is no {options['list']} job")
        failed = [job.__name__ for job in jobs if not self._enqueue(job)]
        if failed:
            raise CommandError(f"Not enqueued, for the reasons in the log: {', '.join(failed)}")

    def _enqueue(self, job: type[Job]) -> bool:
        """False when it could not be done; that keeps none of the others from being enqueued."""
        logger.info("Queueing %s", job.__name__)
        try:
            # A connection that broke at the last one is replaced.
            if not connection.in_atomic_block:
                connection.close_if_unusable_or_obsolete()
            row = job.enqueue()
        except Exception:
            logger.exception("Could not enqueue %s", job.__name__)
            return False
        self._tell(f"Enqueued {job.__name__} {row.pk}")
        return True

    def _tell(self, text: str) -> None:
        if not self._is_quiet:
            self.stdout.write(text)
