"""django-q2's cluster, made to survive the death of any of its processes."""

from __future__ import annotations

import uuid
from multiprocessing import current_process
from multiprocessing.sharedctypes import RawValue
from time import monotonic, sleep
from typing import Any

from django import db
from django_q import cluster
from django_q.cluster import get_mp_context
from django_q.conf import Conf
from django_q.status import Stat
from django_q.worker import worker

from jobs.engine import conf
from jobs.engine.broker import ticket_task
from jobs.engine.cluster import heartbeat, housekeeping
from jobs.engine.cluster.file_lock import Counter, FileLock
from jobs.engine.cluster.forks import Forks
from jobs.engine.cluster.group_signals import die_with_parent, signals_are_the_masters
from jobs.engine.cluster.heartbeat import DEAD_AFTER
from jobs.engine.cluster.tickets import STOP, TicketQueue
from jobs.engine.cluster.watchdog import Watchdog, record_timeout
from jobs.engine.django_q import signals
from jobs.engine.faults import outages
from jobs.engine.faults.engine_log import pool_logger as logger
from jobs.engine.models import WorkerCluster
from jobs.engine.queue import lost
from jobs.engine.queue.places import Places, limits_of_cluster
from jobs.engine.worker import this_process
from jobs.engine.worker.this_process import Seat


class Flag:
    """A flag that processes share, in place of multiprocessing's Event.

    An Event's lock stays locked when its holder is killed, and setting one waits for waiters that are dead.
    """

    def __init__(self) -> None:
        self._value: Any = RawValue("b", 0)

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


def _is_alive(process: Any) -> bool:
    return process is not None and process.is_alive()


def work(*args: Any) -> None:
    """What a worker does, from its start to its end."""
    worker(*args)
    this_process.end()


class Sentinel(cluster.Sentinel):  # type: ignore[misc]
    """Guards the pool; its children die with it."""

    pool: list[Any]
    monitor: Any
    pusher: Any

    def __init__(
        self,
        stop_event: Flag,
        start_event: Flag,
        cluster_id: uuid.UUID,
        *,
        turned: Any,
        previous: uuid.UUID | None,
        **options: Any,
    ) -> None:
        die_with_parent()
        this_process.join_cluster(cluster_id)
        super().__init__(stop_event, start_event, cluster_id, start=False, **options)
        signals_are_the_masters()
        signals.replace_in_worker()
        heartbeat.wait_for_no_lock()
        self.event_out = Flag()
        self._forks = Forks()
        # When this process last was seen to go on, by the master; and when its heart beat, by the workers.
        self._turned = turned
        self.pulse: Any = RawValue("d", monotonic())
        self._beat_at = 0.0
        this_process.stop_when(self._takes_no_more)
        housekeeping.watch_workers(cluster_id, self._living_workers)
        self.task_queue = TicketQueue(ticket_task())
        self.result_queue._rlock, self.result_queue._wlock = FileLock(), FileLock()
        self.result_queue.size = Counter()
        self.watchdog = Watchdog(cluster_id)
        limits = limits_of_cluster(self.pool_size, self.broker.queue_name)
        # A worker that takes the seat of another is there before that one is gone.
        this_process.share_places(Places(limits, self.pool_size + 1, FileLock()))
        if previous:
            self._inherit(previous)
        self.start()

    def _inherit(self, previous: uuid.UUID) -> None:
        """Give back what the workers of the sentinel before this one ran: they have died with it."""
        try:
            lost.release_cut_off([previous])
            WorkerCluster.objects.filter(pk=previous).delete()
        except db.Error as error:
            outages.tell("give back what the last workers ran", error)
            db.connection.close()

    def _living_workers(self) -> list[int]:
        return [process.pid for process in self.pool if process.is_alive()]

    def _beat(self) -> None:
        self._beat_at = self._turned.value = monotonic()
        Stat(self).save()
        self.pulse.value = max(self.pulse.value, heartbeat.watch.last_beat)

    def _beat_if_due(self) -> bool:
        if monotonic() - self._beat_at > Conf.GUARD_CYCLE:
            self._beat()
        return bool(self.stop_event.is_set())

    def _takes_no_more(self) -> bool:
        """Is it no time to start a job, because we stop, or because the others will soon take us for dead?"""
        return self.event_out.is_set() or monotonic() - self.pulse.value > DEAD_AFTER / 2

    def spawn_worker(self) -> None:
        """Start a worker on the first free seat."""
        taken = {process.seat.number for process in self.pool}
        number = next(n for n in range(self.pool_size + 1) if n not in taken)
        scope = this_process.scope_of_cluster(self.broker.queue_name)
        seat = Seat(number, scope, this_process.places.at(number))
        this_process.take_seat(seat)
        args = (self.task_queue, self.result_queue, seat.timer, self.timeout)
        process: Any = get_mp_context().Process(
            target=work, args=args, name=f"Process-{uuid.uuid4().hex}", daemon=Conf.DAEMONIZE_WORKERS
        )
        process.seat, process.timer = seat, seat.timer
        process.start()
        self.pool.append(process)

    def spawn_cluster(self) -> None:
        """Start them all, or as many as the system allows; the others follow."""
        self.pool, self.monitor, self.pusher = [], None, None
        Stat(self).save()
        db.connections.close_all()  # before the forks
        self._replace_the_dead()
        if Conf.CPU_AFFINITY:
            cluster.set_cpu_affinity(Conf.CPU_AFFINITY, [process.pid for process in self.pool])

    def guard(self) -> None:
        """Watch over the processes, the jobs and the schedule until the cluster is stopped."""
        self.start_event.set()
        Stat(self).save()
        logger.info("Q Cluster %s running.", self.cluster_id)
        while True:
            self._replace_the_dead()
            self._kill_the_stuck()
            self._beat()
            housekeeping.look_around(between=self._beat_if_due)
            if self.stop_event.wait(Conf.GUARD_CYCLE):
                break
        self.stop()

    def _replace_the_dead(self) -> None:
        """When the system allows no further process, later."""
        if not self._forks.is_time():
            return
        try:
            self._start_what_is_missing()
        except (OSError, MemoryError) as error:
            self._forks.failed("a process of the cluster", error)
        else:
            self._forks.succeeded()

    def _start_what_is_missing(self) -> None:
        for process in [*self.pool, self.monitor, self.pusher]:
            if process is not None and not process.is_alive():
                self.reincarnate(process)
        while len(self.pool) < self.pool_size:
            self.spawn_worker()
        self.monitor = self.monitor or self.spawn_monitor()
        self.pusher = self.pusher or self.spawn_pusher()

    def _kill_the_stuck(self) -> None:
        """A worker that is past its job's limit and does not answer; and all of them, when nothing moves."""
        for process in self.pool:
            deadline = process.seat.deadline.value
            if deadline and monotonic() > deadline:
                logger.critical("Worker %s is past its job's time limit and does not answer", process.pid)
                self._kill(process)
                self._record_timeout(process.pid)
        if frozen := self.watchdog.frozen(self.pool):
            logger.critical("There is work, but no worker takes it: starting new ones")
            for process in [self.pusher, *frozen]:
                if process is not None:
                    self._kill(process)

    def _record_timeout(self, pid: int) -> None:
        try:
            record_timeout(self.cluster_id, pid)
        except Exception:  # noqa: BLE001 -- the sentinel goes on; the job is given back like any dead worker's
            logger.exception("Could not record that the job of worker %s took too long", pid)
            db.connection.close()

    @staticmethod
    def _kill(process: Any) -> None:
        process.kill()
        process.join(5)

    def stop(self) -> None:
        """Stop taking work and wait for what runs, as long as the limit allows; then put it back.

        The heartbeat goes on meanwhile, so that nobody takes what runs for lost.
        """
        logger.info("%s stopping cluster processes", current_process().name)
        self.event_out.set()
        self._wait_while(lambda: _is_alive(self.pusher), at_most=5)
        for _ in self.pool:
            self.task_queue.put(STOP)
        self._wait_while(self._has_workers, at_most=conf.stop_timeout().total_seconds())
        self._put_back_what_runs()
        self.result_queue.put(STOP)
        self._wait_while(lambda: _is_alive(self.monitor), at_most=5)
        for process in (self.pusher, self.monitor):
            if process is not None:
                self._kill(process)
        Stat(self).save()

    def _has_workers(self) -> bool:
        self.pool = [process for process in self.pool if process.is_alive()]
        return bool(self.pool)

    def _put_back_what_runs(self) -> None:
        if not self._has_workers():
            return
        logger.error("%s workers did not stop in time; their jobs go back to the queue", len(self.pool))
        for process in self.pool:
            self._kill(process)
        self.pool = []
        try:
            lost.release_stopped(self.cluster_id)
        except db.Error as error:
            outages.tell("put back what runs, which another cluster will", error)

    def _wait_while(self, condition: Any, at_most: float) -> None:
        until = monotonic() + at_most
        while condition() and monotonic() < until:
            Stat(self).save()
            sleep(0.1)
