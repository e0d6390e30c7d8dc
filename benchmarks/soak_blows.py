"""What is done to the clusters of the soak; and the supervisor that starts them again, as systemd would."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from contextlib import ExitStack, suppress
from pathlib import Path
from random import Random

import psutil
from django.db import connection

from jobs.engine.models import WorkerCluster
from tests.clusters import Cluster, starting_cluster

# How often each blow falls, and how many seconds lie between two on average.
BLOWS = {
    "worker": 4,
    "connections": 2,
    "pusher": 1,
    "monitor": 1,
    "sentinel": 1,
    "master": 1,
    "whole cluster": 1,
    "restart": 1,
}
EVERY = 4.0
# By which the clusters' connections are told from our own.
CLUSTERS = "soak"


class Place:
    """Where a cluster runs, and another when it has ended."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stack = ExitStack()
        self.starts = 0
        # Seconds that the slowest stop took.
        self.slowest_stop = 0.0
        self.start()

    def start(self) -> None:
        self._stack.close()
        self.cluster: Cluster = self._stack.enter_context(
            starting_cluster(
                self._folder,
                CHAOS_APPLICATION_NAME=CLUSTERS,
                CHAOS_SCHEDULE="tests.chaos.schedule.SCHEDULE",
            )
        )
        self.starts += 1

    def look_after(self) -> None:
        """Start another cluster if this one has ended."""
        if self.cluster.process.poll() is not None:
            self.start()

    def stop(self) -> None:
        started = time.monotonic()
        self.cluster.process.terminate()
        self.cluster.wait()
        self.slowest_stop = max(self.slowest_stop, time.monotonic() - started)

    def close(self) -> None:
        self._stack.close()

    def processes(self) -> dict[str, list[int]]:
        """The pids of each kind; empty while it starts."""
        row = WorkerCluster.objects.filter(pid=self.cluster.process.pid).first()
        if row is None:
            return {}
        found = {
            "master": [row.pid],
            "sentinel": [row.sentinel_pid],
            "worker": row.worker_pids,
            "pusher": [row.stat["pusher"]],
            "monitor": [row.stat["monitor"]],
        }
        return {kind: [pid for pid in pids if pid and self._is_ours(pid)] for kind, pids in found.items()}

    def strike(self, rng: Random) -> str:
        """Do something bad to it; returns what."""
        blow = rng.choices(list(BLOWS), list(BLOWS.values()))[0]
        match blow:
            case "connections":
                _end_connections()
            case "whole cluster":
                self.cluster.signal_group(signal.SIGKILL)
            case "restart":
                self.stop()
            case _:
                if pids := self.processes().get(blow):
                    with suppress(ProcessLookupError):
                        os.kill(rng.choice(pids), signal.SIGKILL)
        return blow

    def _is_ours(self, pid: int) -> bool:
        """A row may be older than what it says, and a pid a stranger's by now."""
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(pid)
            return process.status() != psutil.STATUS_ZOMBIE and os.getpgid(pid) == self.cluster.process.pid
        return False


class Storm:
    """Strikes one place, then the other, then both: so that the processes of each grow old, too."""

    def __init__(self, places: list[Place], rng: Random, seconds: float) -> None:
        self._places, self._rng, self._seconds = places, rng, seconds
        self._next = EVERY
        self.blows: Counter[str] = Counter()

    def pass_over(self, at: float) -> None:
        """Strike if it is time, that many seconds after the start."""
        for place in self._places:
            place.look_after()
        if at < self._next:
            return
        self._next = at + self._rng.uniform(0.5, 1.5) * EVERY
        part = at / self._seconds
        index = 0 if part < 0.4 else 1 if part < 0.8 else self._rng.randrange(len(self._places))
        self.blows[self._places[index].strike(self._rng)] += 1


def _end_connections() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND application_name = %s AND random() < 0.7
            """,
            [CLUSTERS],
        )
