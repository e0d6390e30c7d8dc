"""Running jobs: what a worker does with a ticket."""

from __future__ import annotations

import logging
import os
import time
import traceback
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.conf import Conf, error_reporter

from jobs.engine import claims, processes
from jobs.engine.arguments import decode_arguments
from jobs.engine.base import Job
from jobs.engine.claims import Failure, Worker
from jobs.engine.context import RequestContext, use_context
from jobs.engine.current import use_job
from jobs.engine.errors import MissingArgument, UnknownJob
from jobs.engine.models import BackgroundJob
from jobs.engine.plain_tasks import call_task, options_of, report_task
from jobs.engine.time_limit import time_limit

logger = logging.getLogger("jobs")

# Seconds that a worker goes on claiming before it asks for another ticket.
SHIFT = 1.0
# Seconds that a worker tries to record a result while the database is away.
PATIENCE = 120.0


def work() -> int:
    """Claim and run jobs for about a second; the function of every ticket. Returns how many it ran."""
    worker = Worker(processes.cluster_id(), os.getpid())
    queue_name = None if Conf.CLUSTER_NAME == Conf.PREFIX else Conf.CLUSTER_NAME
    processes.first_time_in_this_process(lambda: claims.release_leftovers(worker))
    count = 0
    until = time.monotonic() + SHIFT
    while time.monotonic() < until and not processes.is_stopping():
        job = claims.claim_next(worker, queue_name)
        if job is None:
            break
        run(job)
        count += 1
    return count


def run(job: BackgroundJob) -> BaseException | None:
    """Run a claimed job and record how it ended; returns the error that ended it, if any."""
    started = time.monotonic()
    result, error = None, None
    try:
        with use_job(job), use_context(RequestContext.from_json(job.context)):
            result = perform(job)
    except (Exception, SystemExit) as caught:  # noqa: BLE001 -- whatever a job raises is recorded
        error = caught
    duration = timedelta(seconds=time.monotonic() - started)
    _persist(job, lambda: _record(job, error, duration))
    if job.options:
        outcome = result if error is None else f"{error} : {_backtrace(error)}"
        report_task(job, outcome, success=error is None, stopped=timezone.now())
    return error


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


def load_job_class(path: str) -> type[Job]:
    """The class that the row names. Raises UnknownJob."""
    try:
        job_class = import_string(path)
    except ImportError as error:
        raise UnknownJob(f"there is no job class {path}") from error
    if not (isinstance(job_class, type) and issubclass(job_class, Job)):
        raise UnknownJob(f"{path} is not a job class")
    return job_class


def _record(job: BackgroundJob, error: BaseException | None, duration: timedelta) -> None:
    if error is None:
        _warn_if_lost(job, claims.finish(job))
        return
    failure = Failure(type(error).__name__, _clean(str(error)), _clean(_backtrace(error)), duration)
    if isinstance(error, MissingArgument):
        logger.info("Discarded %s %s: %s", job.name, job.pk, error)
        _warn_if_lost(job, claims.discard(job, failure))
        return
    delay = _retry_delay(job, error)
    if delay is None:
        logger.error("Discarded %s %s: %s", job.name, job.pk, failure.text, exc_info=error)
        if error_reporter:
            error_reporter.report()
        _warn_if_lost(job, claims.discard(job, failure))
        return
    logger.warning("%s %s failed (%s), again in %.0f s", job.name, job.pk, failure.text, delay)
    _warn_if_lost(job, claims.retry_later(job, failure, timedelta(seconds=delay)))


def _retry_delay(job: BackgroundJob, error: BaseException) -> float | None:
    if job.options or isinstance(error, UnknownJob):
        return None
    retry = load_job_class(job.job_class).retry
    return retry.delay(error, job.attempts - job.attempts_before_retry) if retry else None


def _warn_if_lost(job: BackgroundJob, kept: bool) -> None:
    if not kept:
        logger.warning("%s %s was taken over or deleted while it ran here", job.name, job.pk)


def _backtrace(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))


def _clean(text: str) -> str:
    """As PostgreSQL can hold it."""
    return text.replace("\0", "\\0").encode(errors="backslashreplace").decode()


def _persist(job: BackgroundJob, record: Callable[[], None]) -> None:
    """Record the result, and again while the database is away.

    A worker that cannot do so leaves the pool: its job then counts as lost and is given to another.
    """
    until = time.monotonic() + PATIENCE
    while True:
        try:
            record()
        except (DatabaseError, InterfaceError):
            if connection.in_atomic_block:
                raise
            if time.monotonic() > until:
                break
            logger.warning("Could not record %s %s yet", job.name, job.pk, exc_info=True)
            connection.close()
            time.sleep(1)
        else:
            return
    logger.critical("Could not record %s %s; this worker gives up", job.name, job.pk)
    os._exit(1)
