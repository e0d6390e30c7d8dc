"""Performing jobs in this process, inside the caller's transaction: JOBS_MODE "inline", and tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.db import connection, transaction
from psycopg.pq import TransactionStatus

from jobs.engine.cluster import housekeeping
from jobs.engine.in_process import inline_heart
from jobs.engine.models import BackgroundJob, Pause, PauseKind
from jobs.engine.queue import holds
from jobs.engine.worker import execution


@dataclass(slots=True)
class Agenda:
    """What is left to do when the outermost job has ended."""

    later: list[BackgroundJob] = field(default_factory=list)
    depth: int = 0
    is_following_up: bool = False


_agenda: ContextVar[Agenda | None] = ContextVar("inline_agenda", default=None)


def save(job: BackgroundJob, insert: Callable[[], bool]) -> bool:
    """Save a job by `insert` and perform it; raises the error that discarded it, after recording it.

    It is saved and claimed in one transaction: no worker comes in between. A job that may not start yet waits
    in the table: its time has not come, its lock key is taken, or it is paused. One that must wait for the
    job that enqueued it is performed right after that. False when it was not saved.
    """
    with _an_agenda() as agenda:
        with transaction.atomic():
            if not insert():
                return False
            claimed = None if agenda.is_following_up else claim(job.pk)
        if agenda.is_following_up:
            agenda.later.append(job)
            return True
        error = _perform(job, agenda, claimed)
    with suppress(BackgroundJob.DoesNotExist):
        job.refresh_from_db()
    if error is not None:
        raise error
    return True


def follow_up() -> None:
    """What a sentinel does after a job: hooks of discarded jobs, callbacks of batches."""
    with _an_agenda() as agenda:
        _follow_up(agenda)


def claim(job_id: UUID) -> BackgroundJob | None:
    """Take this very job, if it may start now. Counts the attempt."""
    job = BackgroundJob.objects.filter(pk=job_id).first()
    if job is None or Pause.objects.filter(kind=PauseKind.QUEUE, name=job.queue_name).exists():
        return None
    worker = inline_heart.worker()
    if not holds.claim_with_lock_keys(job.pk, job.lock_keys or (), job.job_class, worker):
        return None
    job.refresh_from_db()
    return job


def run(job: BackgroundJob) -> BaseException | None:
    """Run a claimed job and record how it ended; returns the error that ended the attempt, if any.

    Inside a transaction, a database error takes back what the job did, so that the error can be recorded.
    """
    if connection.get_autocommit():
        return execution.run(job)
    savepoint = transaction.savepoint()
    outcome = execution.attempt(job)
    if _transaction_is_broken():
        transaction.set_rollback(False)
        transaction.savepoint_rollback(savepoint)
        if outcome.error is None:
            hidden = transaction.TransactionManagementError(
                "the job caught a database error that broke its caller's transaction;"
                " put the query that may fail into transaction.atomic()"
            )
            outcome = replace(outcome, error=hidden)
    else:
        transaction.savepoint_commit(savepoint)
    execution.record(job, outcome)
    return outcome.error


@contextmanager
def _an_agenda() -> Iterator[Agenda]:
    """The agenda of the outermost job; what is on it is done when that has ended."""
    if outer := _agenda.get():
        yield outer
        return
    agenda = Agenda()
    token = _agenda.set(agenda)
    try:
        with inline_heart.beating():
            yield agenda
            while agenda.later:
                job = agenda.later.pop(0)
                _perform(job, agenda, claim(job.pk))  # an error is in its row, and in the log
    finally:
        _agenda.reset(token)


def _perform(job: BackgroundJob, agenda: Agenda, claimed: BackgroundJob | None) -> BaseException | None:
    """Returns the error that discarded it, if that is one to make a fuss about."""
    has_begun, loud = claimed is not None, None
    while claimed:
        agenda.depth += 1
        try:
            error = run(claimed)
        finally:
            agenda.depth -= 1
        loud = error if _is_discarded_loudly(claimed) else None
        _follow_up(agenda)
        claimed = claim(job.pk)  # again, when it is to be tried again without waiting
    if job.batch_id and connection.in_atomic_block:
        # The batch is complete only at the end of the block that makes it.
        transaction.on_commit(follow_up)
    if agenda.depth and not has_begun:
        agenda.later.append(job)
    return loud


def _is_discarded_loudly(job: BackgroundJob) -> bool:
    ended = BackgroundJob.objects.finished().filter(pk=job.pk, error__isnull=False)
    return ended.filter(announced=False).exists()


def _follow_up(agenda: Agenda) -> None:
    if agenda.is_following_up:
        return
    agenda.is_following_up = True
    try:
        housekeeping.after_each_job()
    finally:
        agenda.is_following_up = False


def _transaction_is_broken() -> bool:
    raw = connection.connection
    return connection.needs_rollback or (
        raw is not None and raw.info.transaction_status == TransactionStatus.INERROR
    )
