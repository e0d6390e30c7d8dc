"""What a worker does with a ticket: claim and run jobs for about a second."""

from __future__ import annotations

import os
import time

from django.db import DatabaseError, DataError, InterfaceError, connection, connections

from jobs.engine.faults import outages, persisting
from jobs.engine.faults.engine_log import logger
from jobs.engine.faults.persisting import persist
from jobs.engine.faults.unanswered import cut_off_when_silent
from jobs.engine.models import BackgroundJob
from jobs.engine.queue import claims, lost
from jobs.engine.queue.lanes import Lanes
from jobs.engine.queue.scope import Worker
from jobs.engine.worker import clean_slate, process_state, this_process
from jobs.engine.worker.execution import attempt, record, record_success, warn_if_lost
from jobs.engine.worker.lingering import Linger
from jobs.engine.worker.this_process import Seat

# Seconds that a worker goes on claiming before it asks for another ticket.
SHIFT = 1.0
# Seconds before a worker that met a fault of the engine's own leaves: another takes its place at once.
_AFTER_A_FAULT = 1.0


def work() -> int:
    """The function of every ticket. Returns how many jobs were run."""
    seat = this_process.seat
    worker = Worker(this_process.cluster_id(), os.getpid())
    shift = Shift(worker, seat)
    try:
        this_process.first_time_in_this_process(lambda: _begin(worker))
        shift.work()
    except BaseException:  # whatever it is: it must not come back to the pool, which would go on
        logger.exception("A fault of the engine's own: this worker is replaced")
        _give_back(shift)
        time.sleep(_AFTER_A_FAULT)
        seat.leave()
    if not shift.count:
        seat.was_fruitless()
    if shift.is_spoiled or this_process.uses_too_much_memory():
        seat.leave()
    return shift.count


def _give_back(shift: Shift) -> None:
    process_state.leave_event_loop()
    try:
        shift.give_back()
    except Exception:
        logger.exception("What this worker holds will be given back by others")


def _begin(worker: Worker) -> None:
    persisting.be_patient()
    connections.close_all()  # before they are watched
    clean_slate.watch_connections()
    clean_slate.watch_other_threads()
    clean_slate.remember()
    lost.release_leftovers(worker)


class Shift:
    """One worker's second or so."""

    def __init__(self, worker: Worker, seat: Seat) -> None:
        self._worker = worker
        self._seat = seat
        self._done: BackgroundJob | None = None  # has succeeded, which the next claim records
        self._begun: BackgroundJob | None = None  # was performed, and how it ended is not recorded
        self.count = 0
        self.is_spoiled = False

    def work(self) -> None:
        seat = self._seat
        lanes = Lanes(seat.scope, seat.place)
        until = time.monotonic() + SHIFT
        with Linger() as linger:
            while time.monotonic() < until and not self.is_spoiled and not this_process.is_stopping():
                if job := self._next(lanes):
                    self._run(job)
                elif linger.wait(self.count):
                    lanes, until = Lanes(seat.scope, seat.place), time.monotonic() + SHIFT
                else:
                    break
        self._record_what_is_done()
        seat.place.settle(None)

    def _next(self, lanes: Lanes) -> BackgroundJob | None:
        try:
            with cut_off_when_silent():
                claim = claims.finish_and_claim_next(self._done, self._worker, lanes)
        except DataError:
            raise  # what it claimed cannot be read
        except (DatabaseError, InterfaceError) as error:
            # Whether it was done before the connection broke nobody knows: see to both halves, one by one.
            # The connection goes in any case, and with it the plans that a changed table has made useless.
            outages.tell("take the next job", error)
            connection.close()
            self._record_what_is_done()
            persist("give back what was claimed", lambda: lost.release_unstarted(self._worker))
            return None
        if self._done is not None:
            done, self._done = self._done, None
            warn_if_lost(done, claim.finished)
        return claim.job

    def _run(self, job: BackgroundJob) -> None:
        self._seat.started.value += 1
        self._begun = job
        outcome = clean_slate.apart(attempt, job)
        self.is_spoiled = not clean_slate.restore()
        self.count += 1
        if outcome.error is None and not job.options and not job.batch_id:
            self._done = job
        else:
            record(job, outcome)
        self._begun = None

    def _record_what_is_done(self) -> None:
        if self._done is not None:
            done, self._done = self._done, None
            record_success(done)

    def give_back(self) -> None:
        """After a fault: what this worker holds goes back, or it would count as running."""
        connections.close_all()  # whatever is wrong with them
        self._seat.place.settle(None)
        self._record_what_is_done()
        if self._begun is not None:
            persist("give back a job", lambda: lost.release_leftovers(self._worker))
        else:
            persist("give back what was claimed", lambda: lost.give_back_unread(self._worker))
