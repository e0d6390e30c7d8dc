"""What a person means: the job of an id, a queue, a job class by any of its names."""

from __future__ import annotations

from uuid import UUID

from django.core.management.base import CommandError

from jobs.engine import conf, cron, pauses
from jobs.engine.base import Job
from jobs.engine.commands.table import one_line
from jobs.engine.enqueue import job_classes
from jobs.engine.errors import UnknownJob
from jobs.engine.insight import excerpts, job_search, queue_sizes
from jobs.engine.models import BackgroundJob, PauseKind, WorkerCluster
from jobs.engine.models.names import words


def job(text: str) -> BackgroundJob:
    """The job of that id. Raises CommandError."""
    try:
        job_id = UUID(text)
    except ValueError:
        raise _problem(f"{text} is not the id of a job; ids are UUIDs") from None
    found = excerpts.for_page(BackgroundJob.objects.annotate_status()).filter(pk=job_id).first()
    if found is None:
        raise _problem(f"there is no job {job_id}")
    return found


def queue(name: str) -> str:
    """The name, if there is or was such a queue. Raises CommandError."""
    if name in _queues():
        return name
    # A long look, through the finished jobs, but only for a name that is seldom used, or wrong.
    if name.isprintable() and BackgroundJob.objects.filter(queue_name=name).exists():
        return name
    raise _problem(f"there is no queue {name}")


def job_class(name: str) -> str:
    """The dotted path of a class: given itself, its last part ("RecordJob") or in words ("Record").

    Raises CommandError, also when several classes are called so.
    """
    known = _job_classes()
    if name in known:
        return name
    called_so = [path for path in sorted(known) if name.lower() in _short_names(path)]
    if len(called_so) > 1:
        raise _problem(f"several job classes are called {name}; give one of {', '.join(called_so)}")
    if called_so:
        return called_so[0]
    try:
        return job_classes.load_job_class(name).path()
    except UnknownJob as error:
        raise _problem(str(error)) from error


def _problem(text: str) -> CommandError:
    return CommandError(one_line(text))


def _queues() -> set[str]:
    worked = WorkerCluster.objects.values_list("queue_name", flat=True)
    scheduled = (entry.job.queue_name for entry in _schedule())
    names = {size.name for size in queue_sizes.queue_sizes()}
    return {Job.queue_name, *names, *scheduled, *conf.queue_limits(), *worked} - {"*"}


def _job_classes() -> set[str]:
    paused = (pause.name for pause in pauses.paused() if pause.kind == PauseKind.JOB_CLASS)
    return {*job_search.job_classes(), *(entry.job.path() for entry in _schedule()), *paused}


def _schedule() -> list[cron.CronEntry]:
    try:
        return list(cron.entries())
    except ImportError:
        return []  # the clusters complain about it


def _short_names(path: str) -> set[str]:
    return {path.rsplit(".", 1)[-1].lower(), words(path).lower()}
