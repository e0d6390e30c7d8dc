"""A cluster of threads: some that work, and one that keeps the heartbeat, as a sentinel does."""

from __future__ import annotations

import atexit
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable
from functools import partial
from importlib import import_module
from types import SimpleNamespace

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, Error, InterfaceError, close_old_connections, connection, connections
from django.utils import timezone
from django_q.conf import Conf

from jobs.engine import conf
from jobs.engine.cluster import heartbeat, housekeeping
from jobs.engine.connections.pooling import POOLED, is_pooled
from jobs.engine.faults import outages, persisting
from jobs.engine.faults.engine_log import logger
from jobs.engine.in_process import thread_state
from jobs.engine.models import BackgroundJob, WorkerCluster
from jobs.engine.queue import lost
from jobs.engine.queue.claims import finish_and_claim_next
from jobs.engine.queue.lanes import Lanes
from jobs.engine.queue.places import Places, limits_of_cluster
from jobs.engine.queue.scope import Worker
from jobs.engine.worker import clean_slate, execution, this_process

# Seconds between heartbeats.
BEAT = 0.5
# Seconds between looks at the table when nobody in this process enqueues anything.
POLL = 0.5
# Seconds to wait when the database is away, or not migrated yet.
AWAY = 2.0


class ThreadPool:
    """Runs jobs until it is stopped, which the end of the process does too."""

    def __init__(self, size: int) -> None:
        self.cluster_id = uuid.uuid4()
        self._size = size
        self._workers: dict[int, threading.Thread] = {}
        self._busy: set[int] = set()
        self._places = Places(limits_of_cluster(size, None), size, threading.Lock())
        self._wake, self._stopping = threading.Event(), threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="jobs-keeper", daemon=True)
        self._beat_at = 0.0
        self._began, self._began_at = time.monotonic(), timezone.now()

    def start(self) -> None:
        # Daemons, for the interpreter calls what is registered here only when no others are left.
        atexit.register(self.stop)
        self._keeper.start()

    def wake(self) -> None:
        """There may be a job."""
        self._wake.set()

    def stop(self) -> None:
        """Start no further job; wait for what runs, JOBS_STOP_TIMEOUT at most, and then put it back."""
        atexit.unregister(self.stop)
        self._stopping.set()
        self._wake.set()
        self._keeper.join(conf.stop_timeout().total_seconds() + AWAY)

    def _keep(self) -> None:
        try:
            if self._wait_for_the_tables() and self._has_sessions():
                _import_what_requests_import()
                clean_slate.watch_connections()
                heartbeat.wait_for_no_lock()
                housekeeping.watch_workers(self.cluster_id, self._alive)
                self._guard()
                self._finish()
        finally:
            self._stopping.set()  # whatever happened: nobody works without a heartbeat
            connections.close_all()

    def _wait_for_the_tables(self) -> bool:
        """Wait until the project is loaded and the database migrated; False when stopped before."""
        told = False
        while not self._stopping.is_set():
            try:
                if apps.ready:
                    WorkerCluster.objects.exists()
                    return True
            except (DatabaseError, InterfaceError) as error:
                connection.close()
                if not told:
                    logger.warning("Jobs wait for the database: %s", error)
                told = True
            self._stopping.wait(AWAY if told else 0.05)
        return False

    def _has_sessions(self) -> bool:
        if is_pooled():
            logger.critical("%s. The threads of this process perform no jobs", POOLED)
            return False
        return True

    def _guard(self) -> None:
        pause = BEAT
        while True:
            try:
                self._look_after()
                pause = BEAT
            except BaseException as error:  # noqa: BLE001 -- nobody would take the place of this thread
                outages.tell("look after the jobs", error)
                connections.close_all()
                pause = AWAY
            if self._stopping.wait(pause):
                return

    def _look_after(self) -> None:
        self._beat(Conf.WORKING if self._busy else Conf.IDLE)
        # Only with a heartbeat: a job of a cluster that nobody has heard of is taken for lost. And only
        # in this thread: a worker that claimed a job is then on the list of the next beat.
        if heartbeat.watch.last_beat > self._began:
            self._start_workers()
        housekeeping.look_around(between=self._beat_if_due)

    def _beat_if_due(self) -> bool:
        if time.monotonic() - self._beat_at > BEAT:
            self._beat(Conf.WORKING if self._busy else Conf.IDLE)
        return self._stopping.is_set()

    def _start_workers(self) -> None:
        for number in range(self._size):
            worker = self._workers.get(number)
            if worker is None or not worker.is_alive():
                name = f"jobs-{number + 1}"
                self._workers[number] = threading.Thread(
                    target=self._work, args=[number], name=name, daemon=True
                )
                self._workers[number].start()

    def _alive(self) -> list[int]:
        """The workers' ids: the kernel's, unique among all processes and threads."""
        threads = self._workers.values()
        return [thread.native_id for thread in threads if thread.native_id and thread.is_alive()]

    def _beat(self, status: str) -> None:
        self._beat_at = time.monotonic()
        stat = SimpleNamespace(
            cluster_id=self.cluster_id,
            host=socket.gethostname(),
            pid=os.getpid(),
            sentinel=os.getpid(),
            workers=self._alive(),
            status=status,
            tob=self._began_at,
            monitor=None,
            pusher=None,
            reincarnations=0,
            task_q_size=0,
            done_q_size=0,
        )
        heartbeat.beat(stat, None)

    def _finish(self) -> None:
        until = time.monotonic() + conf.stop_timeout().total_seconds()
        while self._alive() and time.monotonic() < until:
            self._beat(Conf.STOPPING)
            time.sleep(0.05)
        try:
            released = lost.release_stopped(self.cluster_id)
        except Error:
            logger.warning("The database is away: another cluster will put the jobs back", exc_info=True)
        else:
            if released.requeued:
                logger.error("%s jobs did not end in time and go back to the queue", released.requeued)
        self._beat(Conf.STOPPED)

    def _work(self, number: int) -> None:
        worker = Worker(self.cluster_id, threading.get_native_id())
        lanes = partial(Lanes, this_process.scope_of_cluster(None), self._places.at(number))
        persisting.be_patient()
        try:
            while not self._stopping.is_set():
                self._wake.clear()  # before the look: who enqueues from here on sets it again
                try:
                    is_idle = not self._work_once(worker, lanes)
                except BaseException:  # whatever it is: the thread goes on
                    logger.exception("A fault of the engine's own, in a thread")
                    connections.close_all()
                    self._give_back(worker)
                    continue
                finally:
                    self._busy.discard(worker.pid)
                    self._places.settle(number, None)
                if is_idle:
                    self._wake.wait(POLL)
        finally:
            connections.close_all()

    def _work_once(self, worker: Worker, lanes: Callable[[], Lanes]) -> bool:
        """Take a job and run it; False when there is none."""
        job = self._claim(worker, lanes)
        if job is not None:
            self._run(job, worker)
            close_old_connections()
        return job is not None

    def _claim(self, worker: Worker, lanes: Callable[[], Lanes]) -> BackgroundJob | None:
        while not self._stopping.is_set():
            try:
                return finish_and_claim_next(None, worker, lanes()).job
            except (DatabaseError, InterfaceError) as error:
                outages.tell("take the next job", error)
                connection.close()
                self._give_back(worker)
        return None

    def _give_back(self, worker: Worker) -> None:
        """What this thread claimed; whether it did before the connection broke nobody knows."""
        # One that was begun may be what breaks the thread; any other is not at fault.
        give_back = lost.release_leftovers if worker.pid in self._busy else lost.give_back_unread
        while not self._stopping.wait(AWAY):
            try:
                give_back(worker)
            except (DatabaseError, InterfaceError):
                connection.close()
            else:
                return

    def _run(self, job: BackgroundJob, worker: Worker) -> None:
        self._busy.add(worker.pid)
        with thread_state.as_before():
            outcome = clean_slate.apart(execution.attempt, job)
        if self._stopping.is_set() and _is_by_shutdown(outcome.error):
            return  # not the job's fault: it is put back
        execution.record(job, outcome)


def _import_what_requests_import() -> None:
    """Before jobs do: of modules that import each other, two threads at once can each find but a half."""
    try:
        import_module(settings.ROOT_URLCONF)
    except BaseException:  # even one that wants to end the process
        logger.exception("The project's addresses cannot be imported")


def _is_by_shutdown(error: BaseException | None) -> bool:
    """Python refuses new threads and futures while the interpreter ends."""
    return isinstance(error, RuntimeError) and "interpreter shutdown" in str(error)
