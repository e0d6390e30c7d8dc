"""Running a claimed job, and recording how it ended."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, DataError, InterfaceError, connection, transaction
from django.utils import timezone
from django_q.conf import Conf, error_reporter

from jobs.engine import batches
from jobs.engine.afterwards import hooks
from jobs.engine.context import RequestContext, use_context, use_job
from jobs.engine.django_q import signals
from jobs.engine.django_q.tasks import call_task, options_of
from jobs.engine.enqueue.calling import call
from jobs.engine.enqueue.decoding import decode_arguments
from jobs.engine.enqueue.job_classes import load_job_class
from jobs.engine.errors import (
    JobCanceled,
    JobLost,
    MissingArgument,
    OpenTransaction,
    Postponed,
    UnknownJob,
    UnreadableJob,
)
from jobs.engine.faults.engine_log import logger
from jobs.engine.faults.failure import Failure
from jobs.engine.faults.persisting import persist
from jobs.engine.models import BackgroundJob
from jobs.engine.queue import results
from jobs.engine.time_limit import within
from jobs.engine.worker import deploys, process_state, this_process
from jobs.engine.worker.error_words import failure_of
from jobs.engine.worker.only_here import only_in_this_process
from jobs.engine.worker.open_transactions import roll_back_open_transactions


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended: what perform() returned, or the error."""

    result: Any
    error: BaseException | None
    duration: timedelta


def run(job: BackgroundJob) -> BaseException | None:
    """Run a claimed job and record how it ended; returns the error that ended it, if any."""
    outcome = attempt(job)
    record(job, outcome)
    return outcome.error


def attempt(job: BackgroundJob) -> Outcome:
    """Run a claimed job; nothing is recorded yet."""
    started, loop = time.monotonic(), process_state.event_loop()
    result, error = None, None
    job.began_in_transaction = connection.in_atomic_block
    task = None
    try:
        task = signals.before(job)
        with use_job(job), use_context(RequestContext.from_json(job.context)):
            result = only_in_this_process(lambda: perform(job))
    except BaseException as caught:
        # Whatever a job raises is recorded. Ctrl-C reaches no worker; elsewhere somebody may mean it.
        if isinstance(caught, KeyboardInterrupt) and not this_process.is_worker():
            raise
        error = caught
    process_state.leave_event_loop(loop)
    if not job.began_in_transaction and roll_back_open_transactions() and error is None:
        error = OpenTransaction("the job left a transaction open; what it did in there is taken back")
    if job.reporter is not None:
        job.reporter.close()
    signals.after(task, result, error)
    return Outcome(result, error, timedelta(seconds=time.monotonic() - started))


def perform(job: BackgroundJob) -> Any:
    """Do what the row says, within its time limit."""
    if job.unreadable:
        raise UnreadableJob(job.unreadable)
    if job.options:
        seconds = options_of(job).get("timeout") or Conf.TIMEOUT
        limit = timedelta(seconds=seconds) if seconds else None
        return within(limit, lambda: only_in_this_process(lambda: call_task(job)))
    job_class = load_job_class(job.job_class)
    args, kwargs = decode_arguments(job.arguments)
    return within(
        job_class.timeout, lambda: only_in_this_process(lambda: call(job_class().perform, args, kwargs))
    )


def record(job: BackgroundJob, outcome: Outcome) -> None:
    """Write down how the attempt ended."""
    if job.options:
        persist("record how a task ended", lambda: _record_task(job, outcome))
    elif (error := outcome.error) is None:
        record_success(job)
    else:
        persist("record how a job ended", lambda: record_error(job, error, outcome.duration))
    if job.batch_id:
        persist("settle a batch", batches.settle)


@transaction.atomic
def _record_task(job: BackgroundJob, outcome: Outcome) -> None:
    """Of a plain task, in one transaction with what django-q2 is told: no death comes in between."""
    is_mine, failure = results.hold(job), None
    if (error := outcome.error) is None:
        warn_if_lost(job, results.finish(job))
    else:
        failure = record_error(job, error, outcome.duration)
    if is_mine and results.has_ended(job):
        told = f"{failure.message} : {failure.backtrace}" if failure else outcome.result
        hooks.tell_of_task(job, told, success=failure is None, stopped=timezone.now())


def record_success(job: BackgroundJob) -> None:
    """Write down that the job has succeeded."""
    warn_if_lost(job, persist("record that a job has succeeded", lambda: results.finish(job)))


def record_error(job: BackgroundJob, error: BaseException, duration: timedelta) -> Failure:
    """Discard the job, or put it back to be tried again, as its class says; returns what was recorded."""
    failure = failure_of(error, duration)
    try:
        if wait := deploys.wait_for(job, error) if this_process.is_worker() else None:
            return _leave_to_others(job, failure, wait)
        _record_error(job, error, failure)
    except (DatabaseError, InterfaceError) as fault:
        if not isinstance(fault, DataError):
            raise
        _discard_anyway(job, failure, fault)
    except Exception as fault:  # noqa: BLE001 -- as below
        _discard_anyway(job, failure, fault)
    return failure


def _leave_to_others(job: BackgroundJob, failure: Failure, wait: timedelta) -> Failure:
    left = replace(failure, error_class=deploys.LEFT)
    warn_if_lost(job, results.retry_later(job, left, wait, uncounted=True))
    logger.warning("%s %s is left to a worker that has its code: %s", job.name, job.pk, failure.text)
    return left


def _discard_anyway(job: BackgroundJob, failure: Failure, fault: Exception) -> None:
    """The class cannot be asked, or what it says about its errors makes no sense; the job ends anyway."""
    other = failure_of(fault)
    text = f"{failure.message} (and what then is to be done cannot be found out: {other.message})"
    warn_if_lost(job, results.discard(job, replace(failure, message=text)))
    wrong = "Discarded %s %s: its error cannot be judged: %s"
    logger.error(wrong, job.name, job.pk, other.text_for_logs, **other.for_logs)


def _record_error(job: BackgroundJob, error: BaseException, failure: Failure) -> None:
    """What is to be said in the log is said after the record: a log may fail, too."""
    if isinstance(error, JobLost):
        logger.warning("Stopped %s %s: %s", job.name, job.pk, failure.message)
        return
    if isinstance(error, Postponed):
        warn_if_lost(job, results.postpone(job, failure.text, error.delay))
        logger.info("Put off %s %s for %s: %s", job.name, job.pk, error.delay, failure.message)
        return
    if is_quiet(job, error):
        with transaction.atomic():
            warn_if_lost(job, results.discard(job, failure, quietly=True))
            hooks.call_hook(job.job_class, job.arguments, failure.text)
        logger.info("Discarded %s %s: %s", job.name, job.pk, failure.message)
        return
    delay = _retry_delay(job, error)
    if delay is None:
        # One that cannot be read would only stop those who follow up.
        is_unreadable = isinstance(error, UnreadableJob)
        warn_if_lost(job, results.discard(job, failure, quietly=is_unreadable))
        logger.error("Discarded %s %s: %s", job.name, job.pk, failure.text_for_logs, **failure.for_logs)
        _report_to_django_q()
        return
    warn_if_lost(job, results.retry_later(job, failure, timedelta(seconds=delay)))
    logger.warning("%s %s failed (%s), again in %.0f s", job.name, job.pk, failure.text, delay)


def _report_to_django_q() -> None:
    if error_reporter:
        try:
            error_reporter.report()
        except Exception:
            logger.exception("django-q2's error reporter raised")


def is_quiet(job: BackgroundJob, error: BaseException) -> bool:
    """Does the error discard the job without fuss?"""
    if isinstance(error, (MissingArgument, JobCanceled)):
        return True
    if job.options or isinstance(error, (UnknownJob, UnreadableJob)):
        return False
    return isinstance(error, load_job_class(job.job_class).discard_on)


def _retry_delay(job: BackgroundJob, error: BaseException) -> float | None:
    if job.options or isinstance(error, (UnknownJob, UnreadableJob)):
        return None
    retry = load_job_class(job.job_class).retry_policy()
    return retry.delay(error, job.attempts - job.attempts_before_retry) if retry else None


def warn_if_lost(job: BackgroundJob, kept: bool) -> None:
    """Log it when the record of a job was not this worker's to write any more."""
    if not kept:
        logger.warning("%s %s was taken over or deleted while it ran here", job.name, job.pk)
