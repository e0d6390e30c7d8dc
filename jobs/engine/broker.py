"""The broker that lets django-q2 run the jobs of the BackgroundJob table.

The pool is never given a job, only a ticket: "there is work". The worker that takes the ticket claims the job
itself at that moment. So nothing is prefetched, priority is strict, and a stale ticket is harmless.
"""

from __future__ import annotations

import time
from dataclasses import replace
from functools import cache
from typing import Any

import psycopg
from django.db import Error, connection
from django_q.brokers import Broker
from django_q.conf import Conf
from django_q.signing import SignedPackage

from jobs.engine.cluster import heartbeat
from jobs.engine.django_q.tasks import row_of_task
from jobs.engine.enqueue import modes, rows
from jobs.engine.faults import outages
from jobs.engine.models import BackgroundJob
from jobs.engine.queue.claims import has_work
from jobs.engine.queue.scope import Scope
from jobs.engine.sql import statement
from jobs.engine.sql.prepared import prepared
from jobs.engine.worker import this_process

# Seconds between looks at the table when no notification comes, as for jobs whose time has come.
POLL = 1.0
# Seconds between tickets while the waiting jobs are for workers that are busy.
FRUITLESS = 0.25
# Seconds that a worker which waits by itself has to take a job before a ticket is handed out for it.
HEAD_START = 0.005
# Seconds to wait when the database is away.
AWAY = 0.5

_LISTEN = statement("wake", "listen")
_SLEEP = statement("wake", "sleep")


class PostgresBroker(Broker):  # type: ignore[misc]
    """`Q_CLUSTER["broker_class"]`: works every queue, or the one that Q_CLUSTER_NAME names."""

    _is_asleep: bool | None = None
    _had_work = False

    @property
    def queue_name(self) -> str | None:
        """The only queue that this cluster works; None for all of them."""
        return None if self.list_key == Conf.PREFIX else self.list_key

    @property
    def scope(self) -> Scope:
        """What a worker of this cluster may take now."""
        scope = this_process.scope_of_cluster(self.queue_name)
        return replace(scope, closed_queues=this_process.places.full())

    def enqueue(self, task: str) -> str:
        """Save a plain async_task() as a job in the caller's transaction."""
        row = row_of_task(SignedPackage.loads(task), self.queue_name)
        modes.save(row, lambda: rows.insert(row))
        return str(row.pk)

    def dequeue(self) -> list[tuple[str, str]] | None:
        """Wait for work, a second at most; a ticket when there is some."""
        try:
            self._listen()
            if not self._was_fruitless() and has_work(self.scope):
                if self._had_work:
                    self._sleep(asleep=False)
                self._had_work = True
                return self._tickets()
            self._had_work = False
            return self._tickets() if self._wait() else None
        except (Error, psycopg.Error) as error:
            outages.tell("look for work", error)
            connection.close()
            self._is_asleep = None
            time.sleep(AWAY)
            return None

    def _listen(self) -> None:
        if connection.connection is not None and getattr(connection.connection, "jobs_listening", False):
            return
        with prepared(_LISTEN, {}):
            connection.connection.jobs_listening = True

    @staticmethod
    def _was_fruitless() -> bool:
        return time.monotonic() - float(this_process.fruitless_at.value) < FRUITLESS

    def _wait(self) -> bool:
        """Wait for a notification, that are sent only to those that say that they sleep; has one come?"""
        if self._sleep(asleep=True) and not self._was_fruitless() and has_work(self.scope):
            return True  # it came before anybody could know that we sleep
        seconds = FRUITLESS if self._was_fruitless() else POLL
        if not any(True for _ in connection.connection.notifies(timeout=seconds, stop_after=1)):
            return False
        if not this_process.lingerer.value:
            return True
        time.sleep(HEAD_START)  # a worker has heard it too
        return has_work(self.scope)

    def _sleep(self, *, asleep: bool) -> bool:
        """Tell whether we sleep; True when that is new."""
        if self._is_asleep is asleep:
            return False
        with prepared(_SLEEP, {"id": this_process.cluster_id(), "asleep": asleep}):
            self._is_asleep = asleep
        return True

    @staticmethod
    def _tickets() -> list[tuple[str, str]]:
        return [("", _packed_ticket())]

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
        heartbeat.beat(SignedPackage.loads(value), self.queue_name)

    def get_stat(self, key: str) -> str | None:
        return next((pack for cluster_key, pack in heartbeat.stat_packs() if cluster_key == key), None)

    def get_stats(self, pattern: str) -> list[str]:  # noqa: ARG002 -- one site, one database
        return [pack for _, pack in heartbeat.stat_packs()]


@cache
def _packed_ticket() -> str:
    return str(SignedPackage.dumps(ticket_task()))


def ticket_task() -> dict[str, Any]:
    """ "There is work": what the pool is handed in place of a job."""
    return {
        "id": "ticket",
        "name": "ticket",
        "func": "jobs.engine.worker.shifts.work",
        "args": (),
        "kwargs": {},
        "started": None,
        "save": False,
        "timeout": -1,
    }
