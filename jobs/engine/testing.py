"""Helpers for tests: what was enqueued, and working it off in this process."""

from __future__ import annotations

import os
from typing import Any

from django.db.models.functions import Now

from jobs.engine import housekeeping, processes
from jobs.engine.arguments import encode_arguments
from jobs.engine.base import Job
from jobs.engine.claims import Scope, Worker, claim_next
from jobs.engine.execution import run
from jobs.engine.models import BackgroundJob


def enqueued_jobs(job_class: type[Job] | None = None) -> list[BackgroundJob]:
    """The jobs that wait, in the order in which they were enqueued."""
    waiting = BackgroundJob.objects.unfinished().filter(performed_at__isnull=True).order_by("id")
    return list(waiting.filter(job_class=job_class.path()) if job_class else waiting)


def assert_enqueued(
    job_class: type[Job],
    *args: Any,
    queue_name: str | None = None,
    priority: int | None = None,
    **kwargs: Any,
) -> BackgroundJob:
    """One such job waits, with these arguments when any are given; returns the latest."""
    candidates = enqueued_jobs(job_class)
    wanted = encode_arguments(args, kwargs) if args or kwargs else None
    for job in reversed(candidates):
        if wanted is not None and job.arguments != wanted:
            continue
        if queue_name is not None and job.queue_name != queue_name:
            continue
        if priority is not None and job.priority != priority:
            continue
        return job
    found = "\n".join(f"  {job.job_class} {job.arguments}" for job in enqueued_jobs()) or "  nothing"
    raise AssertionError(f"{job_class.__name__} {wanted or ''} is not enqueued. What is:\n{found}")


def assert_no_enqueued(job_class: type[Job] | None = None) -> None:
    """No such job, or no job at all, waits."""
    jobs = enqueued_jobs(job_class)
    if jobs:
        raise AssertionError("enqueued: " + ", ".join(f"{job.job_class} {job.arguments}" for job in jobs))


def perform_enqueued_jobs(
    only: type[Job] | None = None, *, raise_errors: bool = False, scheduled: bool = False, at_most: int = 1000
) -> list[BackgroundJob]:
    """Work off what waits, and what that enqueues, in this process; returns the jobs, as they ended.

    Jobs whose time has not come wait on unless `scheduled`. A failure is in the job's row; with raise_errors
    it is raised here too.
    """
    worker = Worker(processes.cluster_id(), os.getpid())
    performed: list[BackgroundJob] = []
    while len(performed) < at_most:
        if scheduled:
            BackgroundJob.objects.filter(pk__in=[job.pk for job in enqueued_jobs(only)]).update(
                run_after=Now()
            )
        job = claim_next(worker, Scope(job_class=only.path() if only else None))
        if job is None:
            return performed
        error = run(job)
        housekeeping.after_each_job()
        job.refresh_from_db()
        performed.append(job)
        if error is not None and raise_errors:
            raise error
    raise AssertionError(f"more than {at_most} jobs: do they enqueue each other?")
