"""Running jobs: what a worker does with a ticket."""

from __future__ import annotations

import logging
import os
import time
from asyncio import CancelledError
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.utils import timezone
from django_q.conf import Conf, error_reporter

from jobs.engine import aftercare, batches, claims, execution_signals, lost, processes, results
from jobs.engine.arguments import decode_arguments
from jobs.engine.claims import Lanes, Worker
from jobs.engine.context import RequestContext, use_context
from jobs.engine.current import use_job
from jobs.engine.errors import JobCanceled, JobLost, MissingArgument, OpenTransaction, Postponed, UnknownJob
from jobs.engine.failure import Failure
from jobs.engine.job_classes import load_job_class
from jobs.engine.lingering import Linger
from jobs.engine.models import BackgroundJob
from jobs.engine.open_transactions import roll_back_open_transactions
from jobs.engine.persisting import persist
from jobs.engine.plain_tasks import call_task, options_of, report_task
from jobs.engine.processes import Seat
from jobs.engine.time_limit import time_limit

logger = logging.getLogger("jobs")

# Seconds that a worker goes on claiming before it asks for another ticket.
SHIFT = 1.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended: what perform() returned, or the error."""

    result: Any
    error: BaseException | None
    duration: timedelta


def work() -> int:
    """Claim and run jobs for about a second; the function of every ticket. Returns how many it ran."""
    seat = processes.seat
    worker = Worker(processes.cluster_id(), os.getpid())
    processes.first_time_in_this_process(lambda: lost.release_leftovers(worker))
    try:
        count = _shift(worker, seat)
    except Exception:
        # A fault of the engine's own: what this worker holds goes back, or it would count as running.
        persist("a fault", lambda: lost.release_leftovers(worker))
        raise
    if not count:
        seat.was_fruitless()
    if processes.uses_too_much_memory():
        seat.leave()
    return count


def _shift(worker: Worker, seat: Seat) -> int:
    count = 0
    done: BackgroundJob | None = None
    lanes = Lanes(seat.scope, seat.place)
    until = time.monotonic() + SHIFT
    with Linger() as linger:
        while time.monotonic() < until and not processes.is_stopping():
            job = _next(done, worker, lanes)
            done = None
            if job is None:
                if not linger.wait(count):
                    break
                lanes, until = Lanes(seat.scope, seat.place), time.monotonic() + SHIFT
                continue
            seat.started.value += 1
            outcome = attempt(job)
            count += 1
            if outcome.error is None and not job.options and not job.batch_id:
                done = job  # recorded together with the next claim
            else:
                record(job, outcome)
    if done is not None:
        _record_success(done)
    seat.place.settle(None)
    return count


def _next(done: BackgroundJob | None, worker: Worker, lanes: Lanes) -> BackgroundJob | None:
    try:
        claim = claims.finish_and_claim_next(done, worker, lanes)
    except (DatabaseError, InterfaceError):
        # Whether it was done before the connection broke nobody knows: see to both halves, one by one.
        if connection.in_atomic_block:
            raise
        logger.warning("The database is away", exc_info=True)
        if done is not None:
            _record_success(done)
        persist("a claim", lambda: lost.release_unstarted(worker))
        return None
    if done is not None:
        _warn_if_lost(done, claim.finished)
    return claim.job


def run(job: BackgroundJob) -> BaseException | None:
    """Run a claimed job and record how it ended; returns the error that ended it, if any."""
    outcome = attempt(job)
    record(job, outcome)
    return outcome.error


def attempt(job: BackgroundJob) -> Outcome:
    """Run a claimed job; nothing is recorded yet."""
    started = time.monotonic()
    result, error = None, None
    job.began_in_transaction = connection.in_atomic_block
    task = None
    try:
        task = execution_signals.before(job)
        with use_job(job), use_context(RequestContext.from_json(job.context)):
            result = perform(job)
    except (Exception, SystemExit, CancelledError) as caught:  # noqa: BLE001 -- whatever a job raises is recorded
        error = caught
    if not job.began_in_transaction and roll_back_open_transactions() and error is None:
        error = OpenTransaction("the job left a transaction open; what it did in there is taken back")
    if job.reporter is not None:
        job.reporter.close()
    execution_signals.after(task, result, error)
    return Outcome(result, error, timedelta(seconds=time.monotonic() - started))


def perform(job: BackgroundJob) -> Any:
    """Do what the row says, within its time limit."""
    if job.options:
        seconds = options_of(job).get("timeout") or Conf.TIMEOUT
        with time_limit(timedelta(seconds=seconds) if seconds else None):
            return call_task(job)
    job_class = load_job_class(job.job_class)
    args, kwargs = decode_arguments(job.arguments)
    with time_limit(job_class.timeout):
        return job_class().perform(*args, **kwargs)


def record(job: BackgroundJob, outcome: Outcome) -> None:
    """Write down how the attempt ended."""
    failure = None
    if (error := outcome.error) is None:
        _record_success(job)
    else:
        failure = persist(job.name, lambda: record_error(job, error, outcome.duration))
    if job.batch_id:
        persist("a batch", batches.settle)
    if job.options:
        told = f"{failure.message} : {failure.backtrace}" if failure else outcome.result
        report_task(job, told, success=failure is None, stopped=timezone.now())


def _record_success(job: BackgroundJob) -> None:
    _warn_if_lost(job, persist(job.name, lambda: results.finish(job)))


def record_error(job: BackgroundJob, error: BaseException, duration: timedelta) -> Failure:
    """Discard the job, or put it back to be tried again, as its class says; returns what was recorded."""
    failure = Failure.of(error, duration)
    try:
        _record_error(job, error, failure)
    except (DatabaseError, InterfaceError):
        raise
    except Exception as fault:  # noqa: BLE001 -- as below
        # The class cannot be asked, or what it says about its errors makes no sense; the job ends anyway.
        other = Failure.of(fault)
        wrong = "Discarded %s %s: its error cannot be judged: %s"
        logger.error(wrong, job.name, job.pk, other.text_for_logs, **other.for_logs)  # noqa: TRY400
        text = f"{failure.message} (and what then is to be done cannot be found out: {other.message})"
        failure = replace(failure, message=text)
        _warn_if_lost(job, results.discard(job, failure))
    return failure


def _record_error(job: BackgroundJob, error: BaseException, failure: Failure) -> None:
    if isinstance(error, JobLost):
        logger.warning("Stopped %s %s: %s", job.name, job.pk, failure.message)
        return
    if isinstance(error, Postponed):
        logger.info("Put off %s %s for %s: %s", job.name, job.pk, error.delay, failure.message)
        _warn_if_lost(job, results.postpone(job, failure.text, error.delay))
        return
    if _is_quiet(job, error):
        logger.info("Discarded %s %s: %s", job.name, job.pk, failure.message)
        with transaction.atomic():
            _warn_if_lost(job, results.discard(job, failure, quietly=True))
            aftercare.call_hook(job.job_class, job.arguments, failure.text)
        return
    delay = _retry_delay(job, error)
    if delay is None:
        logger.error("Discarded %s %s: %s", job.name, job.pk, failure.text_for_logs, **failure.for_logs)
        if error_reporter:
            error_reporter.report()
        _warn_if_lost(job, results.discard(job, failure))
        return
    logger.warning("%s %s failed (%s), again in %.0f s", job.name, job.pk, failure.text, delay)
    _warn_if_lost(job, results.retry_later(job, failure, timedelta(seconds=delay)))


def _is_quiet(job: BackgroundJob, error: BaseException) -> bool:
    if isinstance(error, (MissingArgument, JobCanceled)):
        return True
    if job.options or isinstance(error, UnknownJob):
        return False
    return isinstance(error, load_job_class(job.job_class).discard_on)


def _retry_delay(job: BackgroundJob, error: BaseException) -> float | None:
    if job.options or isinstance(error, UnknownJob):
        return None
    retry = load_job_class(job.job_class).retry_policy()
    return retry.delay(error, job.attempts - job.attempts_before_retry) if retry else None


def _warn_if_lost(job: BackgroundJob, kept: bool) -> None:
    if not kept:
        logger.warning("%s %s was taken over or deleted while it ran here", job.name, job.pk)
