"""What follows when a job has ended with an error, whoever ended it, and when a person retries it.

The row says whether it was done (`announced`), so that nothing is forgotten when the one who ended the job
dies in between: whichever cluster sees the row next takes care of it.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from jobs.engine import alerts, conf
from jobs.engine.arguments import decode_arguments
from jobs.engine.base import Job
from jobs.engine.current import use_job
from jobs.engine.errors import MissingArgument, UnknownJob
from jobs.engine.job_classes import load_job_class
from jobs.engine.models import BackgroundJob

# Ends of which nobody is told: a person wanted it, or the record that it was about is gone.
_QUIET = ("JobCanceled", "MissingArgument")
_AT_ONCE = 100


class DiscardHookJob(Job):
    """Call the on_discard() of a job that was discarded."""

    priority = -5

    def perform(self, job_class: str, arguments: dict[str, Any], error: str) -> None:
        args, kwargs = decode_arguments(arguments)
        load_job_class(job_class)().on_discard(error, *args, **kwargs)


def take_care() -> int:
    """Follow up the jobs that were discarded since the last time; returns how many."""
    with transaction.atomic():
        jobs = list(
            BackgroundJob.objects.filter(finished_at__isnull=False, error__isnull=False, announced=False)
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("id")[:_AT_ONCE]
        )
        if not jobs:
            return 0
        # First of all: a hook that is performed at once (JOBS_MODE inline) looks for unannounced jobs too.
        done = BackgroundJob.objects.filter(pk__in=[job.pk for job in jobs])
        if conf.destroy_failed_jobs():
            done.delete()
        else:
            done.update(announced=True)
        for job in jobs:
            error = job.error or ""
            if not error.startswith(_QUIET):
                alerts.count(job)
            if not job.options:
                call_hook(job.job_class, job.arguments, error)
    return len(jobs)


def call_hook(job_class: str, arguments: dict[str, Any], error: str) -> None:
    """Enqueue the call of the class's on_discard(), if it has one."""
    try:
        found = load_job_class(job_class)
    except UnknownJob:
        return
    if found.on_discard is not Job.on_discard:
        DiscardHookJob.enqueue(job_class, arguments, error)


@transaction.atomic
def delete(job: BackgroundJob) -> None:
    """Delete the row, whatever its state; to a class with on_discard() that is an end like any other."""
    jobs = BackgroundJob.objects.filter(pk=job.pk)
    is_unfinished = jobs.unfinished().select_for_update().exists()
    jobs.delete()
    if is_unfinished and not job.options:
        call_hook(job.job_class, job.arguments, "JobDeleted: Deleted")


def call_retry_hook(job: BackgroundJob) -> None:
    """Call the class's on_retry(), if it has one, and save the lock keys that it gave the job.

    In the transaction of the retry. A class or a record that is gone is the next attempt's to complain about.
    """
    if job.options:
        return
    try:
        found = load_job_class(job.job_class)
        args, kwargs = decode_arguments(job.arguments)
    except (UnknownJob, MissingArgument):
        return
    with use_job(job):
        found().on_retry(*args, **kwargs)
    keys = sorted(set(job.lock_keys or ())) or None
    BackgroundJob.objects.filter(pk=job.pk).exclude(lock_keys=keys).update(lock_keys=keys)
