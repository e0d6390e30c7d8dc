"""Seeing that a worker is stuck, or that the whole cluster is."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import DatabaseError, InterfaceError, connection

from jobs.engine.errors import JobTimeout
from jobs.engine.models import BackgroundJob
from jobs.engine.queue.claims import has_work
from jobs.engine.worker import execution, this_process

# Seconds that work may wait, with no job started and a worker idle that may take it, before that is a fault.
FROZEN_AFTER = 15.0
# Seconds between looks.
_LOOK_EVERY = 3.0


def record_timeout(cluster_id: UUID, pid: int) -> None:
    """End what a killed worker ran past its time limit, and say so in the row."""
    for job in BackgroundJob.objects.running().filter(claimed_by=cluster_id, worker_pid=pid):
        error = JobTimeout("the job ran longer than its limit and did not answer; its worker was killed")
        execution.record_error(job, error, job.duration or timedelta())


class Watchdog:
    """Watches a cluster's workers."""

    def __init__(self, cluster_id: UUID) -> None:
        self._cluster_id = cluster_id
        self._looked_at = self._moved_at = time.monotonic()
        self._started = -1

    def frozen(self, pool: Sequence[Any]) -> list[Any]:
        """The idle workers, when there has long been work for one of them and none was started."""
        now = time.monotonic()
        if now - self._looked_at < _LOOK_EVERY:
            return []
        slept = now - self._looked_at > FROZEN_AFTER / 2
        self._looked_at = now
        started = sum(process.seat.started.value for process in pool)
        if started != self._started or slept:
            self._started, self._moved_at = started, now
            return []
        if now - self._moved_at < FROZEN_AFTER:
            return []
        idle = self._idle_with_work(pool)
        self._moved_at = now
        return idle

    def _idle_with_work(self, pool: Sequence[Any]) -> list[Any]:
        try:
            running = BackgroundJob.objects.running().filter(claimed_by=self._cluster_id)
            jobs = list(running.values_list("worker_pid", "queue_name"))
            busy = {pid for pid, _ in jobs}
            # By the jobs that run, and not by the places: a stuck worker may have some for nothing.
            full = this_process.places.full_with(Counter(queue for _, queue in jobs))
            idle = [process for process in pool if process.pid not in busy]
            scopes = {replace(process.seat.scope, closed_queues=full) for process in idle}
            return idle if any(map(has_work, scopes)) else []
        except (DatabaseError, InterfaceError):
            connection.close()
            return []
