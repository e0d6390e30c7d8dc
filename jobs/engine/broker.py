"""The broker that lets django-q2 run the jobs of the BackgroundJob table.

The pool is never given a job, only a ticket: "there is work". The worker that takes the ticket claims the job
itself at that moment. So nothing is prefetched, priority is strict, and a stale ticket is harmless.
"""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import Any

import psycopg
from django.db import Error, connection
from django.db.models.functions import Now
from django_q.brokers import Broker
from django_q.conf import Conf
from django_q.signing import SignedPackage

from jobs.engine import processes
from jobs.engine.models import BackgroundJob
from jobs.engine.plain_tasks import row_of_task
from jobs.engine.sql import CHANNEL, RUNNABLE, wake_workers

logger = logging.getLogger("jobs")

# Seconds between looks at the table when no notification comes, as for jobs whose time has come.
POLL = 1.0
# Seconds to wait when the database is away.
AWAY = 0.5


class PostgresBroker(Broker):  # type: ignore[misc]
    """`Q_CLUSTER["broker_class"]`: works every queue, or the one that Q_CLUSTER_NAME names."""

    @property
    def queue_name(self) -> str | None:
        """The only queue that this cluster works; None for all of them."""
        return None if self.list_key == Conf.PREFIX else self.list_key

    def enqueue(self, task: str) -> str:
        """Save a plain async_task() as a job in the caller's transaction."""
        row = row_of_task(SignedPackage.loads(task), self.queue_name)
        save_row(row)
        return str(row.pk)

    def dequeue(self) -> list[tuple[str, str]] | None:
        """Wait for work, a second at most; a ticket when there is some."""
        try:
            self._listen()
            if not self._has_work():
                self._wait()
            return [("", ticket())] if self._has_work() else None
        except (Error, psycopg.Error):
            logger.warning("The database is away; trying again", exc_info=True)
            connection.close()
            time.sleep(AWAY)
            return None

    def _listen(self) -> None:
        if connection.connection is not None and getattr(connection.connection, "jobs_listening", False):
            return
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        connection.connection.jobs_listening = True

    def _has_work(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT EXISTS (SELECT FROM {BackgroundJob._meta.db_table} WHERE {RUNNABLE}"  # noqa: S608
                " AND (%(queue)s::text IS NULL OR queue_name = %(queue)s))",
                {"queue": self.queue_name},
            )
            return bool(cursor.fetchone()[0])

    @staticmethod
    def _wait() -> None:
        for _ in connection.connection.notifies(timeout=POLL, stop_after=1):
            pass

    def queue_size(self) -> int:
        return int(self._queue().queued().count())

    def lock_size(self) -> int:
        return int(self._queue().running().count())

    def _queue(self) -> Any:
        jobs = BackgroundJob.objects.all()
        return jobs if self.queue_name is None else jobs.filter(queue_name=self.queue_name)

    def purge_queue(self) -> int:
        """Delete what waits in this queue; what runs goes on."""
        deleted, _ = self._queue().filter(performed_at__isnull=True, finished_at__isnull=True).delete()
        return int(deleted)

    def delete_queue(self) -> int:
        return self.purge_queue()

    def delete(self, task_id: str) -> None:
        BackgroundJob.objects.filter(pk=task_id).delete()

    def ping(self) -> bool:
        connection.ensure_connection()
        return True

    def info(self) -> str:
        return "PostgreSQL"

    def set_stat(self, key: str, value: str, timeout: int) -> None:  # noqa: ARG002 -- django-q2's signature
        """The sentinel's heartbeat, twice a second."""
        processes.beat(SignedPackage.loads(value), self.queue_name)

    def get_stat(self, key: str) -> str | None:
        return next((pack for cluster_key, pack in processes.stat_packs() if cluster_key == key), None)

    def get_stats(self, pattern: str) -> list[str]:  # noqa: ARG002 -- one site, one database
        return [pack for _, pack in processes.stat_packs()]


class RowBroker(PostgresBroker):
    """Saves the row that `Job.enqueue` has built, in place of the package that async_task() makes."""

    def __init__(self, row: BackgroundJob, delay: timedelta | None = None) -> None:
        super().__init__()
        self.row = row
        self.delay = delay

    def enqueue(self, task: str) -> str:  # noqa: ARG002 -- the row says it all
        save_row(self.row, self.delay)
        return str(self.row.pk)


def save_row(row: BackgroundJob, delay: timedelta | None = None) -> None:
    """Insert the job and wake a cluster for it."""
    if delay is not None:
        row.run_after = Now() + delay
    row.save(force_insert=True)
    if delay is not None:
        row.refresh_from_db(fields=["run_after"])
    if row.run_after <= row.enqueued_at:
        wake_workers()


def ticket() -> str:
    """ "There is work": what the pool is handed in place of a job."""
    return str(
        SignedPackage.dumps(
            {
                "id": "ticket",
                "name": "ticket",
                "func": "jobs.engine.execution.work",
                "args": (),
                "kwargs": {},
                "started": None,
                "save": False,
                "timeout": -1,
            }
        )
    )
