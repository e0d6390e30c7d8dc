"""For tests: what was enqueued, and performing it in this process.

All state is in the table of jobs, so a test's transaction takes it back: no test sees another's jobs. Works
in every JOBS_MODE, "inline" aside, where nothing waits. `job_mode` changes the mode for a block.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any
from uuid import UUID

from django.db.models.functions import Now
from django.test import override_settings

from jobs.engine.base import Job
from jobs.engine.enqueue import modes
from jobs.engine.in_process import inline
from jobs.engine.models import BackgroundJob
from jobs.engine.queue.claims import claim_next, claim_next_of
from jobs.engine.queue.scope import Worker
from jobs.engine.testing.expected import Expected
from jobs.engine.worker import execution, this_process

__all__ = [
    "PerformedJobs",
    "assert_enqueued",
    "assert_no_enqueued",
    "capture_enqueued_jobs",
    "enqueued_jobs",
    "job_mode",
    "perform_enqueued_jobs",
]


def job_mode(mode: str) -> override_settings:
    """A context manager, and decorator, that sets JOBS_MODE. Raises ValueError for an unknown one."""
    if mode not in modes.MODES:
        raise ValueError(f"there is no mode {mode!r}, only {', '.join(modes.MODES)}")
    return override_settings(JOBS_MODE=mode)


def enqueued_jobs(job_class: type[Job] | None = None) -> list[BackgroundJob]:
    """The jobs that wait, in the order in which they were enqueued."""
    waiting = BackgroundJob.objects.unfinished().filter(performed_at__isnull=True).order_by("id")
    return list(waiting.filter(job_class=job_class.path()) if job_class else waiting)


def assert_enqueued(
    job_class: type[Job],
    *args: Any,
    queue_name: str | None = None,
    priority: int | None = None,
    run_after: datetime | timedelta | None = None,
    lock_keys: Sequence[str] | None = None,
    unique_key: str | None = None,
    **kwargs: Any,
) -> BackgroundJob:
    """Such a job waits; returns the latest.

    Arguments are compared when any are given, and it is the same whether they were passed by position or by
    name. So are the options that are given; `run_after` as a timedelta counts from when it was enqueued.
    """
    expected = Expected(job_class, args, kwargs, queue_name, priority, run_after, lock_keys, unique_key)
    for job in reversed(enqueued_jobs(job_class)):
        if not expected.differences(job):
            return job
    raise AssertionError(expected.not_found(enqueued_jobs()))


def assert_no_enqueued(job_class: type[Job] | None = None) -> None:
    """No such job, or no job at all, waits."""
    if jobs := enqueued_jobs(job_class):
        raise AssertionError("these jobs wait:\n" + "\n".join(Expected.describe(job) for job in jobs))


@contextmanager
def capture_enqueued_jobs(
    *, perform: bool = False, raise_errors: bool = False, at_most: int = 1000
) -> Iterator[list[BackgroundJob]]:
    """A list that holds, at the end of the block, the jobs that the block enqueued, and no others.

    With `perform` they are performed then, and what they enqueue, while jobs from before the block wait on.
    """
    before = set(BackgroundJob.objects.values_list("pk", flat=True))
    captured: list[BackgroundJob] = []
    yield captured
    captured += _not_in(before)
    if perform:
        _perform_new(before, raise_errors=raise_errors, at_most=at_most)
        for job in captured:
            _refresh(job)


class PerformedJobs(list[BackgroundJob]):
    """The jobs that were performed, as they ended; see perform_enqueued_jobs."""

    def __init__(self, only: type[Job] | None, *, raise_errors: bool, scheduled: bool, at_most: int) -> None:
        super().__init__()
        self._only, self._raise_errors = only, raise_errors
        self._scheduled, self._at_most = scheduled, at_most
        self._work_off()

    def __enter__(self) -> PerformedJobs:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.clear()
            self._work_off()

    def _work_off(self) -> None:
        inline.follow_up()
        while job := self._next():
            _run(job, raise_errors=self._raise_errors)
            self.append(job)
            if len(self) >= self._at_most:
                raise AssertionError(f"more than {self._at_most} jobs: do they enqueue each other?")

    def _next(self) -> BackgroundJob | None:
        if self._scheduled:
            waiting = [job.pk for job in enqueued_jobs(self._only)]
            BackgroundJob.objects.filter(pk__in=waiting).update(run_after=Now())
        worker = Worker(this_process.cluster_id(), os.getpid())
        return claim_next_of(self._only.path(), worker) if self._only else claim_next(worker)


def perform_enqueued_jobs(
    only: type[Job] | None = None, *, raise_errors: bool = False, scheduled: bool = False, at_most: int = 1000
) -> PerformedJobs:
    """Work off what waits, and what that enqueues, in this process; returns the jobs, as they ended.

    Jobs whose time has not come wait on unless `scheduled`. A failure is in the job's row; with raise_errors
    it is raised here too, unless it is one that discards quietly.

    As a context manager it works off what waits before its block, and at its end what the block enqueued,
    which is then the list. Where earlier jobs must wait on, use capture_enqueued_jobs(perform=True).
    """
    return PerformedJobs(only, raise_errors=raise_errors, scheduled=scheduled, at_most=at_most)


def _not_in(before: set[UUID]) -> list[BackgroundJob]:
    return [job for job in BackgroundJob.objects.order_by("id") if job.pk not in before]


def _perform_new(before: set[UUID], *, raise_errors: bool, at_most: int) -> None:
    count = 0
    inline.follow_up()
    while job := _claim_new(before):
        _run(job, raise_errors=raise_errors)
        count += 1
        if count >= at_most:
            raise AssertionError(f"more than {at_most} jobs: do they enqueue each other?")


def _claim_new(before: set[UUID]) -> BackgroundJob | None:
    waiting = BackgroundJob.objects.queued().order_by("priority", "run_after", "id")
    ids = [pk for pk in waiting.values_list("pk", flat=True) if pk not in before]
    return next((job for pk in ids if (job := inline.claim(pk))), None)


def _run(job: BackgroundJob, *, raise_errors: bool) -> None:
    error = inline.run(job)
    inline.follow_up()
    _refresh(job)
    if error is not None and raise_errors and not execution.is_quiet(job, error):
        raise error


def _refresh(job: BackgroundJob) -> None:
    with suppress(BackgroundJob.DoesNotExist):  # JOBS_DESTROY_FAILED
        job.refresh_from_db()
