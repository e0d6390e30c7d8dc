"""What a soak runs on: two clusters, a database server and a mail server; and who starts clusters again."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import psutil

from benchmarks.ordeal.load import Load
from booru.embedded_postgres.server import Server
from jobs.engine.models import WorkerCluster
from tests.support.clusters import Cluster, starting_cluster
from tests.support.unruly_server import UnrulyServer, unruly_server
from tests.support.waiting import wait_until

# By which the clusters' connections are told from our own.
CLUSTERS = "soak"
# Seconds that one conversation with the mail server may take.
CONVERSATION = 3


class Place:
    """Where a cluster runs, and another when it has ended: as systemd starts what is installed by then."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder, self._environment = folder, environment
        self._stack = ExitStack()
        self.starts = 0
        # Seconds that the slowest stop took.
        self.slowest_stop = 0.0
        self.start()

    def start(self) -> None:
        self._stack.close()
        self.cluster: Cluster = self._stack.enter_context(starting_cluster(self._folder, **self._environment))
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

    def is_whole(self) -> bool:
        """Is a cluster there, with all its processes? Starts one where there is none."""
        self.look_after()
        # It may end between two looks, or have said nothing of itself yet.
        with suppress(AssertionError, WorkerCluster.DoesNotExist):
            return self.cluster.is_up() and self.cluster.is_whole()
        return False

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

    def _is_ours(self, pid: int) -> bool:
        """A row may be older than what it says, and a pid a stranger's by now."""
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(pid)
            return process.status() != psutil.STATUS_ZOMBIE and os.getpgid(pid) == self.cluster.process.pid
        return False


@dataclass
class World:
    database: Server
    mail: UnrulyServer
    rng: Random
    # Seconds for which nothing can be written, when that is the blow.
    read_only: float
    # With which a cluster starts; another version is deployed by changing it.
    environment: dict[str, str]
    places: list[Place] = field(default_factory=list)
    version: int = 1
    # Whose jobs come now.
    load: Load | None = None

    def is_whole(self) -> bool:
        # Each is looked at, and so started, however the others are.
        whole = [place.is_whole() for place in self.places]
        return all(whole)

    def install_next_version(self) -> None:
        """From now on clusters start with it."""
        self.version += 1
        self.environment["CHAOS_VERSION"] = str(self.version)


@contextmanager
def world(folder: Path, database: Server, rng: Random, read_only: float) -> Iterator[World]:
    """Two clusters that are up; all that is left of them is killed at the end."""
    with unruly_server() as mail:
        environment = {
            "CHAOS_APPLICATION_NAME": CLUSTERS,
            "CHAOS_SCHEDULE": "tests.chaos.schedule.SCHEDULE",
            "CHAOS_VERSION": "1",
            "DANBOORU_MAIL_DELIVERY_URL": f"smtp://127.0.0.1:{mail.port}?total_timeout={CONVERSATION}",
        }
        made = World(database, mail, rng, read_only, environment)
        try:
            made.places += [Place(folder, environment) for _ in range(2)]
            for place in made.places:
                wait_until(place.cluster.is_up, what="the cluster to start")
            yield made
        finally:
            for place in made.places:
                place.close()
