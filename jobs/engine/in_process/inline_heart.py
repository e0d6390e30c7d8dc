"""The heartbeat of a process that performs its jobs itself, outside of a transaction.

Its jobs are rows that running clusters see. Without a heart that beats they would take them for lost, and run
them a second time.
"""

from __future__ import annotations

import os
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

from django.db import connection, connections
from django.utils import timezone
from django_q.conf import Conf

from jobs.engine.cluster import heartbeat
from jobs.engine.queue.scope import Worker
from jobs.engine.worker import this_process

# Seconds between two beats.
BEAT = 1.0

_lock = threading.Lock()
_hearts: dict[int, Heart] = {}  # by pid: a fork is another process
_users = 0


def worker() -> Worker:
    """Who performs jobs here: in a cluster its worker, otherwise this process for itself."""
    pid = os.getpid()
    if this_process.is_in_cluster():
        return Worker(this_process.cluster_id(), pid)
    with _lock:
        return Worker(_hearts.setdefault(pid, Heart()).cluster_id, pid)


@contextmanager
def beating() -> Iterator[None]:
    """Keep it beating while jobs are performed in the block; not in a transaction, which nobody sees into."""
    global _users  # noqa: PLW0603
    if connection.in_atomic_block or not connection.get_autocommit() or this_process.is_in_cluster():
        yield
        return
    worker()
    heart = _hearts[os.getpid()]
    with _lock:
        _users += 1
        if _users == 1:
            heart.start()
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if not _users:
                heart.stop()


class Heart:
    """A thread with a connection of its own."""

    def __init__(self) -> None:
        self.cluster_id = uuid.uuid4()
        self._is_over = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._began = timezone.now()
        self._is_over = threading.Event()
        self._beat(Conf.WORKING)
        self._thread = threading.Thread(target=self._go_on, name="jobs-heart", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._is_over.set()
        if self._thread:
            self._thread.join(heartbeat.DEAD_AFTER)
        self._beat(Conf.STOPPED)

    def _go_on(self) -> None:
        try:
            while not self._is_over.wait(BEAT):
                self._beat(Conf.WORKING)
        finally:
            connections.close_all()

    def _beat(self, status: str) -> None:
        stat = SimpleNamespace(
            cluster_id=self.cluster_id,
            host=socket.gethostname(),
            pid=os.getpid(),
            sentinel=os.getpid(),
            workers=[os.getpid()],
            status=status,
            tob=self._began,
            monitor=None,
            pusher=None,
            reincarnations=0,
            task_q_size=0,
            done_q_size=0,
        )
        heartbeat.beat(stat, "inline")


def _forget_the_parent() -> None:
    """A fork has the variables of its parent, but none of its threads."""
    globals().update(_lock=threading.Lock(), _users=0)


os.register_at_fork(after_in_child=_forget_the_parent)
