"""django-q2's cluster, made to survive the death of any of its processes."""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import tempfile
import uuid
from contextlib import AbstractContextManager, nullcontext
from multiprocessing import current_process
from multiprocessing.sharedctypes import RawValue
from queue import Full
from time import monotonic, sleep
from typing import Any

from django_q import cluster
from django_q.cluster import get_mp_context
from django_q.conf import logger, setproctitle
from django_q.status import Stat
from django_q.worker import worker

from jobs.engine import processes


class FileLock:
    """A lock between processes that the kernel releases when its holder dies.

    multiprocessing's own is a semaphore: a worker killed while it holds one stops the whole cluster for good.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 -- open for as long as the lock lives

    def acquire(self, block: bool = True, timeout: float | None = None) -> bool:
        if block and timeout is None:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            return True
        until = monotonic() + (timeout or 0 if block else 0)
        while True:
            try:
                fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if monotonic() >= until:
                    return False
                sleep(0.01)
            else:
                return True

    def release(self) -> None:
        fcntl.lockf(self._file, fcntl.LOCK_UN)

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, *exception: object) -> None:
        self.release()


class Counter:
    """How many messages a queue holds, as django-q2 counts them, behind a lock that survives its holder."""

    def __init__(self) -> None:
        self._count = RawValue("i", 0)
        self._lock = FileLock()

    def increment(self, n: int = 1) -> None:
        with self._lock:
            self._count.value += n

    @property
    def value(self) -> int:
        return int(self._count.value)


class Flag:
    """A flag that processes share, in place of multiprocessing's Event.

    An Event's lock stays locked when its holder is killed, and setting one waits for waiters that are dead.
    """

    def __init__(self) -> None:
        self._value = RawValue("b", 0)

    def set(self) -> None:
        self._value.value = 1

    def is_set(self) -> bool:
        return bool(self._value.value)

    def wait(self, timeout: float) -> bool:
        """Wait at most that many seconds; is it set?"""
        until = monotonic() + timeout
        while not self.is_set() and monotonic() < until:
            sleep(0.05)
        return self.is_set()


class WorkerTimer:
    """A worker's timer without a lock, which a killed worker could hold for ever."""

    def __init__(self) -> None:
        self._value = RawValue("f", -1)

    @property
    def value(self) -> float:
        return float(self._value.value)

    @value.setter
    def value(self, seconds: float) -> None:
        self._value.value = seconds

    def get_lock(self) -> AbstractContextManager[None]:
        return nullcontext()


class Sentinel(cluster.Sentinel):  # type: ignore[misc]
    """Guards the pool; its children die with it."""

    pool: list[Any]

    def __init__(self, stop_event: Flag, start_event: Flag, cluster_id: uuid.UUID, **options: Any) -> None:
        die_with_parent()
        processes.join_cluster(cluster_id)
        os.register_at_fork(after_in_child=die_with_parent)
        super().__init__(stop_event, start_event, cluster_id, start=False, **options)
        self.event_out = Flag()
        processes.stop_when(self.event_out.is_set)
        for queue in (self.task_queue, self.result_queue):
            queue._rlock, queue._wlock = FileLock(), FileLock()
            queue.size = Counter()
        self.start()

    def spawn_worker(self) -> None:
        self.spawn_process(worker, self.task_queue, self.result_queue, WorkerTimer(), self.timeout)

    def stop(self) -> None:
        """Stop taking work, wait for what runs, and keep the heartbeat going while waiting."""
        logger.info("%s stopping cluster processes", current_process().name)
        self.event_out.set()
        self._wait_while(self.pusher.is_alive)
        # A worker takes one and leaves.
        pills = len(self.pool)
        while self.pool:
            if pills and self._offer("STOP"):
                pills -= 1
            self.pool = [process for process in self.pool if process.is_alive()]
            self._pause()
        self.task_queue.cancel_join_thread()
        self.task_queue.close()
        self.result_queue.put("STOP")
        self._wait_while(self.monitor.is_alive, at_most=10)
        Stat(self).save()

    def _offer(self, message: str) -> bool:
        try:
            self.task_queue.put(message, block=False)
        except Full:
            return False
        return True

    def _wait_while(self, condition: Any, at_most: float = float("inf")) -> None:
        until = monotonic() + at_most
        while condition() and monotonic() < until:
            self._pause()

    def _pause(self) -> None:
        Stat(self).save()
        sleep(0.1)


class Cluster(cluster.Cluster):  # type: ignore[misc]
    """The master process: starts the sentinel, and stops it on SIGTERM and SIGINT."""

    def start(self) -> int:
        if setproctitle:
            setproctitle.setproctitle(f"qcluster {current_process().name} {self.name}")
        self.stop_event, self.start_event = Flag(), Flag()
        self.sentinel = get_mp_context().Process(
            target=Sentinel,
            name=f"Process-{uuid.uuid4().hex}",
            args=(self.stop_event, self.start_event, self.cluster_id),
            kwargs={"broker": self.broker, "timeout": self.timeout},
        )
        self.sentinel.start()
        logger.info("Q Cluster %s starting.", self.name)
        while self.start_event and not self.start_event.is_set():
            if not self.sentinel.is_alive():
                if self.sentinel.exitcode == 0:
                    break
                raise RuntimeError(f"Q Cluster {self.name} failed to start: see the error above")
            sleep(0.1)
        return int(self.pid)


def die_with_parent() -> None:
    """Let the kernel kill this process when its parent dies (Linux only)."""
    pr_set_pdeathsig = 1
    try:
        ctypes.CDLL(None, use_errno=True).prctl(pr_set_pdeathsig, signal.SIGKILL)
    except (OSError, AttributeError):
        logger.debug("No parent death signal on this platform")
