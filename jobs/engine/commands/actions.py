"""`manage.py jobs retry`, `cancel` and `run`: what a person does about jobs, one by one or many at once."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from django.core.management.base import CommandError

from jobs.engine.commands import chosen
from jobs.engine.commands.subcommand import Subcommand, Write
from jobs.engine.commands.table import one_line
from jobs.engine.errors import JobActionError
from jobs.engine.insight.long_work import long_work
from jobs.engine.models import BackgroundJob, BackgroundJobQuerySet

# Does something about a job and says what it was. Raises JobActionError, or DoesNotExist when it is deleted.
Action = Callable[[BackgroundJob], str]
# Jobs read at once.
_CHUNK = 500


def _retry(job: BackgroundJob) -> str:
    job.retry()
    return "enqueued again"


def _cancel(job: BackgroundJob) -> str:
    job.cancel()
    return "cancelled" if job.finished_at else "asked to stop"


def _run(job: BackgroundJob) -> str:
    job.run_now()
    return "enqueued to run now"


def _retry_asked(options: dict[str, Any], write: Write) -> None:
    if options["all_discarded"] == bool(options["ids"]):
        raise CommandError("give either ids of jobs or --all-discarded")
    if options["all_discarded"]:
        _act_on_all(_narrowed(BackgroundJob.objects.discarded(), options), _retry, write)
    elif options["name"] is not None:
        raise CommandError("--name narrows --all-discarded, not ids")
    else:
        _act_on_each(options["ids"], _retry, write)


def _cancel_asked(options: dict[str, Any], write: Write) -> None:
    is_narrowed = options["queue"] is not None or options["name"] is not None
    if is_narrowed == bool(options["ids"]):
        raise CommandError("give either ids of jobs, or --queue or --name or both")
    if is_narrowed:
        _act_on_all(_narrowed(BackgroundJob.objects.unfinished(), options), _cancel, write)
    else:
        _act_on_each(options["ids"], _cancel, write)


def _run_asked(options: dict[str, Any], write: Write) -> None:
    _act_on_each(options["ids"], _run, write)


def _narrowed(jobs: BackgroundJobQuerySet, options: dict[str, Any]) -> BackgroundJobQuerySet:
    if options.get("queue") is not None:
        jobs = jobs.filter(queue_name=chosen.queue(options["queue"]))
    if options["name"] is not None:
        jobs = jobs.filter(job_class=chosen.job_class(options["name"]))
    return jobs


def _act_on_each(ids: Iterable[str], action: Action, write: Write) -> None:
    problems = []
    for text in dict.fromkeys(ids):
        try:
            job = chosen.job(text)
            write(one_line(f"{job.pk}  {job.name}: {action(job)}"))
        except (CommandError, JobActionError) as error:
            problems.append(str(error))
        except BackgroundJob.DoesNotExist:
            problems.append(f"job {text} was deleted just now")
    _complain(problems)


def _act_on_all(jobs: BackgroundJobQuerySet, action: Action, write: Write) -> None:
    done: Counter[str] = Counter()
    problems = []
    with long_work("Jobs", jobs.count(), "jobs") as look_after:
        for job in jobs.order_by("id").iterator(chunk_size=_CHUNK):
            look_after(1)
            try:
                done[action(job)] += 1
            except BackgroundJob.DoesNotExist:
                continue
            except JobActionError as error:
                # One that has gone on in the meantime is none of those that were meant.
                if jobs.filter(pk=job.pk).exists():
                    problems.append(str(error))
    for what, count in done.items():
        write(f"{count} {'job' if count == 1 else 'jobs'} {what}")
    if not done and not problems:
        write("There are no such jobs.")
    _complain(problems)


def _complain(problems: list[str]) -> None:
    if problems:
        raise CommandError("\n".join(map(one_line, problems)))


def _add_ids(parser: ArgumentParser) -> None:
    parser.add_argument("ids", nargs="+", metavar="ID", help="a job")


def _add_retry_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("ids", nargs="*", metavar="ID", help="a job")
    parser.add_argument("--all-discarded", action="store_true", help="every job that was discarded")
    parser.add_argument("--name", metavar="CLASS", help="of those, only this job class")


def _add_cancel_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("ids", nargs="*", metavar="ID", help="a job")
    parser.add_argument("--queue", help="every job in this queue that waits or runs")
    parser.add_argument("--name", metavar="CLASS", help="every job of this class that waits or runs")


RETRY = Subcommand("retry", "run discarded jobs again", _add_retry_arguments, _retry_asked)
CANCEL = Subcommand(
    "cancel", "discard jobs that wait; ask those that run to stop", _add_cancel_arguments, _cancel_asked
)
RUN = Subcommand("run", "run waiting jobs now, before their time", _add_ids, _run_asked)
