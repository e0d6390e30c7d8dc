"""Real clusters for tests: `manage.py qcluster` as a process of its own, on the test database."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
from django.db import connection

from jobs.engine.models import BackgroundJob, WorkerCluster
from tests.support.waiting import PATIENCE, wait_until

ROOT = Path(__file__).resolve().parents[2]


def database_url() -> str:
    """The URL of the test database, for other processes."""
    db = connection.settings_dict
    password = f":{quote(db['PASSWORD'])}" if db["PASSWORD"] else ""
    host = quote(db["HOST"], safe="")
    port = f":{db['PORT']}" if db["PORT"] else ""
    return f"postgres://{quote(db['USER'])}{password}@{host}{port}/{quote(db['NAME'])}"


@dataclass
class Cluster:
    process: subprocess.Popen[bytes]
    log: Path
    workers: int

    @property
    def row(self) -> WorkerCluster:
        return WorkerCluster.objects.get(pid=self.process.pid)

    def is_up(self) -> bool:
        assert self.process.poll() is None, f"the cluster ended:\n{self.log.read_text()[-4000:]}"
        row = WorkerCluster.objects.filter(pid=self.process.pid).first()
        return row is not None and row.status in {"Idle", "Working"} and bool(row.stat["pusher"])

    def is_whole(self) -> bool:
        """Are all its processes there, and alive?"""
        row = WorkerCluster.objects.get(pid=self.process.pid)
        pids = [*row.worker_pids, row.stat["pusher"], row.stat["monitor"]]
        return len(row.worker_pids) == self.workers and all(pid and not is_gone(pid) for pid in pids)

    def pids(self) -> list[int]:
        row = self.row
        return [row.sentinel_pid, *row.worker_pids, row.stat["pusher"], row.stat["monitor"]]

    def signal(self, number: int) -> None:
        os.kill(self.process.pid, number)

    def signal_group(self, number: int) -> None:
        os.killpg(self.process.pid, number)

    def wait(self) -> int:
        return self.process.wait(PATIENCE)


@contextmanager
def running_cluster(folder: Path, **environment: str) -> Iterator[Cluster]:
    """A cluster of two workers; whatever is left of it is killed at the end."""
    with starting_cluster(folder, **environment) as cluster:
        wait_until(cluster.is_up, what="the cluster to start")
        yield cluster


@contextmanager
def starting_cluster(folder: Path, **environment: str) -> Iterator[Cluster]:
    """The same, without waiting until it is up."""
    log = folder / f"qcluster-{time.monotonic_ns()}.log"
    environment = {"JOBS_WORKERS": "2", **environment}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "qcluster"],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": database_url(), **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    cluster = Cluster(process, log, int(environment["JOBS_WORKERS"]))
    try:
        yield cluster
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGCONT)
            process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(60)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(PATIENCE)


def is_gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def all_finished() -> bool:
    return not BackgroundJob.objects.unfinished().exists()
