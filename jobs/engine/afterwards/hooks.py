"""What follows when a job has ended with an error, whoever ended it, and when a person retries it.

The row says whether it was done (`announced`), so that nothing is forgotten when the one who ended the job
dies in between: whichever cluster sees the row next takes care of it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Left
from django.utils import timezone
from django_q.models import Task
from django_q.signals import call_hook as call_task_hook

from jobs.engine import conf
from jobs.engine.afterwards import alerts
from jobs.engine.afterwards.alerts import Ended
from jobs.engine.base import Job
from jobs.engine.context import use_job
from jobs.engine.django_q.tasks import options_of, report_task
from jobs.engine.enqueue import modes
from jobs.engine.enqueue.decoding import decode_arguments
from jobs.engine.enqueue.job_classes import load_job_class
from jobs.engine.enqueue.launcher import Launcher, save
from jobs.engine.errors import MissingArgument, UnknownJob, UnreadableArguments
from jobs.engine.faults.failure import MESSAGE
from jobs.engine.models import BackgroundJob
from jobs.engine.models.ids import uuid7s
from jobs.engine.models.names import words
from jobs.engine.sql import statement
from jobs.engine.sql.waking import wake_workers

logger = logging.getLogger("jobs")

# Ends of which nobody is told: a person wanted it, or the record that it was about is gone.
_QUIET = ("JobCanceled", "MissingArgument")
# Ends of which no worker tells django-q2: there was none any more, or there never was one.
_UNSAID = ("WorkerDied", "JobTimeout", "JobCanceled", "UnreadableJob")
_DELETED = "JobDeleted: Deleted"
_AT_ONCE = 1000
# Seconds that one look takes: whoever looks has a heart that beats, too.
_SECONDS = 0.5
# Letters of an error that are handed on.
_ERROR = MESSAGE + 1000

_HOOKS = statement("afterwards", "enqueue_hooks")
_LOST_TASKS = statement("afterwards", "enqueue_lost_tasks")


class DiscardHookJob(Job):
    """Call the on_discard() of a job that was discarded."""

    priority = -5

    def perform(self, job_class: str, arguments: dict[str, Any], error: str) -> None:
        args, kwargs = decode_arguments(arguments)
        load_job_class(job_class)().on_discard(error, *args, **kwargs)


class LostTaskJob(Job):
    """Tell django-q2 of a plain async_task() that failed with no worker to say so: result, hook and chain."""

    priority = -5

    def perform(  # noqa: PLR0917 -- what is known of it
        self, function: str, arguments: Any, options: Any, error: str, started: datetime, stopped: datetime
    ) -> None:
        row = BackgroundJob(job_class=function, arguments=arguments, options=options, performed_at=started)
        if not Task.objects.filter(pk=options_of(row)["id"]).exists():
            tell_of_task(row, error, success=False, stopped=stopped)


class TaskHookJob(Job):
    """Call the hook of a plain async_task(), after its result was saved."""

    priority = -5

    def perform(self, task_id: str) -> None:
        if task := Task.objects.filter(pk=task_id).first():
            call_task_hook(Task, task)


@transaction.atomic
def tell_of_task(job: BackgroundJob, result: Any, *, success: bool, stopped: datetime) -> None:
    """Tell django-q2 how a plain async_task() ended: the result, the hook and the chain, or none of them."""
    if task := report_task(job, result, success=success, stopped=stopped):
        launcher: Launcher[...] = Launcher(TaskHookJob, queue_name=job.queue_name)
        launcher.enqueue(task.pk)


def take_care() -> int:
    """Follow up the jobs that were discarded since the last time; returns how many.

    Stops after a moment; what is left then is for the next time.
    """
    until, count = time.monotonic() + _SECONDS, 0
    while done := _take_care_of_some():
        count += done
        if done < _AT_ONCE or time.monotonic() > until:
            break
    return count


def _take_care_of_some() -> int:
    unannounced = BackgroundJob.objects.filter(
        finished_at__isnull=False, error__isnull=False, announced=False
    )
    is_job = ExpressionWrapper(Q(options={}), BooleanField())
    columns: list[Combinable] = [Left("error", _ERROR), KeyTextTransform("request_id", "context"), is_job]
    with transaction.atomic():
        rows = unannounced.select_for_update(skip_locked=True).order_by("id")
        ended = [Ended(*row) for row in rows.values_list("pk", "job_class", *columns)[:_AT_ONCE]]
        if not ended:
            return 0
        done = BackgroundJob.objects.filter(pk__in=[job.pk for job in ended])
        # First of all: a hook that is performed at once (JOBS_MODE inline) looks for unannounced jobs too.
        done.update(announced=True)
        _follow_up_each(ended)
        if conf.destroy_failed_jobs():
            done.delete()
    return len(ended)


def _follow_up_each(ended: Sequence[Ended]) -> None:
    """All at once; one by one where that fails, so that only the one is left out that cannot be."""
    try:
        with transaction.atomic():
            _follow_up(ended)
    except Exception:
        if connection.connection is None or connection.connection.closed:
            raise
        if len(ended) == 1:
            job = ended[0]
            logger.exception("The end of %s %s cannot be followed up", words(job.job_class), job.pk)
    else:
        return
    if len(ended) > 1:
        for job in ended:
            _follow_up_each([job])


def _follow_up(ended: Sequence[Ended]) -> None:
    alerts.count([job for job in ended if not job.error.startswith(_QUIET)])
    if lost := [job.pk for job in ended if not job.is_job and job.error.startswith(_UNSAID)]:
        _enqueue_hooks(LostTaskJob, _LOST_TASKS, lost)
    by_class = sorted((job for job in ended if job.is_job), key=lambda job: job.job_class)
    for job_class, group in groupby(by_class, key=lambda job: job.job_class):
        if _has_hook(job_class):
            _enqueue_discard_hooks([job.pk for job in group])


def _has_hook(job_class: str) -> bool:
    try:
        return load_job_class(job_class).on_discard is not Job.on_discard
    except UnknownJob:
        return False


def _enqueue_discard_hooks(ids: Sequence[UUID]) -> None:
    if modes.is_inline():
        for job in BackgroundJob.objects.filter(pk__in=ids).order_by("pk"):
            call_hook(job.job_class, job.arguments, job.error or "")
    else:
        _enqueue_hooks(DiscardHookJob, _HOOKS, ids)


def _enqueue_hooks(job_class: type[Job], statement: str, ids: Sequence[UUID]) -> None:
    """A job for each of these, with one statement that reads no arguments."""
    params: dict[str, Any] = {
        "ids": [str(pk) for pk in ids],
        "hook_ids": [str(pk) for pk in uuid7s(len(ids))],
        "hook": job_class.path(),
        "queue": job_class.queue_name,
        "priority": job_class.priority,
        "length": _ERROR,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
    wake_workers()


def call_hook(job_class: str, arguments: Any, error: str) -> None:
    """Enqueue the call of the class's on_discard(), if it has one."""
    if _has_hook(job_class):
        launcher: Launcher[...] = Launcher(DiscardHookJob)
        save(launcher.with_encoded({"args": [job_class, {"_encoded": arguments}, error[:_ERROR]]}))


@transaction.atomic
def delete(job: BackgroundJob) -> None:
    """Delete the row, whatever its state; to a class with on_discard() that is an end like any other."""
    rows = BackgroundJob.objects.filter(pk=job.pk)
    row = rows.select_for_update().only("job_class", "arguments", "options", "finished_at").first()
    rows.delete()
    if row is None or row.finished_at is not None:
        return
    if not row.options:
        call_hook(row.job_class, row.arguments, _DELETED)
    else:
        launcher: Launcher[...] = Launcher(LostTaskJob)
        times = [{"_datetime": timezone.now().isoformat()}] * 2
        encoded = [{"_encoded": row.arguments}, {"_encoded": row.options}]
        save(launcher.with_encoded({"args": [row.job_class, *encoded, _DELETED, *times]}))


def call_retry_hook(job: BackgroundJob) -> None:
    """Call the class's on_retry(), if it has one, and save the lock keys that it gave the job.

    In the transaction of the retry. A class or a record that is gone is the next attempt's to complain about.
    """
    if job.options:
        return
    try:
        found = load_job_class(job.job_class)
        args, kwargs = decode_arguments(job.arguments)
    except (UnknownJob, MissingArgument, UnreadableArguments):
        return
    with use_job(job):
        found().on_retry(*args, **kwargs)
    keys = sorted(set(job.lock_keys or ())) or None
    BackgroundJob.objects.filter(pk=job.pk).exclude(lock_keys=keys).update(lock_keys=keys)
