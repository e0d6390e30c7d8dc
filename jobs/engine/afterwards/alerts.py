"""Emails to the admins about jobs that were discarded.

Of each job class and error the first is told at once. Those of the hour after an email are counted, and told
together when the hour is over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import mail_admins
from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest, Now
from django.urls import NoReverseMatch, reverse

from jobs.engine import conf
from jobs.engine.base import Job
from jobs.engine.enqueue.moved import current_path
from jobs.engine.errors import JobTimeout
from jobs.engine.models import BackgroundJob, FailureAlert
from jobs.engine.models.names import words
from jobs.engine.retry import Retry
from jobs.engine.sql import statement

# Between two emails about the same class and error.
EVERY = timedelta(hours=1)
# Jobs in an email, and letters of an error's class and message.
_JOBS, _CLASS, _MESSAGE = 5, 100, 2000

_LOCK = statement("afterwards", "lock_alerts")
_COUNT = statement("afterwards", "count_alert")


class AdminAlertJob(Job):
    """Tell the admins how many jobs of a class were discarded with an error since the last email.

    When it is discarded itself nobody is told; the next job that is discarded enqueues another, which tells
    of all.
    """

    priority = -5
    timeout = timedelta(minutes=5)  # a mail server that hangs keeps no worker
    # What smtplib raises is an OSError, too.
    retry = Retry(on=(OSError, JobTimeout), attempts=8)

    def perform(self, job_class: str, error_class: str, first: dict[str, Any]) -> None:
        """`first`: the first of the jobs that it tells of, see count()."""
        alerts = FailureAlert.objects.filter(job_class=job_class, error_class=error_class, count__gt=0)
        alert = alerts.annotate(is_due=Q(sent_at__lte=Now() - EVERY)).first()
        if alert is None:
            return
        if not alert.is_due:
            # It was enqueued while another was about to tell: the hour begins with that.
            _enqueue(job_class, error_class, first, alert.sent_at + EVERY)
            return
        times = f"{alert.count} {'time' if alert.count == 1 else 'times'}"
        subject = f"[Jobs] {words(job_class)}: {error_class} ({times})"
        # No transaction is open meanwhile: a mail server may take its time, and clusters go on counting.
        mail_admins(_one_line(subject), _text(alert, times, first))
        left = Greatest(F("count") - alert.count, 0)
        FailureAlert.objects.filter(pk=alert.pk).update(count=left, sent_at=Now())


@dataclass(frozen=True, slots=True)
class Ended:
    """A job that ended with an error, as far as what follows depends on it; the error in short."""

    pk: UUID
    job_class: str
    error: str
    request_id: str | None
    is_job: bool  # and no plain async_task()


def count(ended: Sequence[Ended]) -> None:
    """Count jobs that were discarded with an error, in the caller's transaction, for the email to the admins.

    Nothing happens without ADMINS, when JOBS_ALERTS is off, or for the job that sends the emails.
    """
    if not (conf.alerts() and settings.ADMINS):
        return
    of_kind: dict[tuple[str, str], list[Ended]] = defaultdict(list)
    for job in ended:
        if current_path(job.job_class) != AdminAlertJob.path():
            error_class = _one_line(job.error.partition(": ")[0])[:_CLASS]
            of_kind[job.job_class, error_class].append(job)
    for (job_class, error_class), same in sorted(of_kind.items(), key=lambda item: item[0]):
        _count(job_class, error_class, same)


def _count(job_class: str, error_class: str, ended: Sequence[Ended]) -> None:
    params: dict[str, Any] = {
        "job_class": job_class,
        "error_class": error_class,
        "count": len(ended),
        "every": EVERY,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK)
        cursor.execute(_COUNT, params)
        (due_at,) = cursor.fetchone()
        first = {
            "id": str(ended[0].pk),
            "message": ended[0].error.partition(": ")[2][:_MESSAGE],
            "request_id": ended[0].request_id,
        }
        _enqueue(job_class, error_class, first, due_at)


def _enqueue(job_class: str, error_class: str, first: dict[str, Any], due_at: datetime) -> None:
    """Enqueue the job that tells of it, if none waits."""
    key = f"{AdminAlertJob.path()}:{job_class}:{error_class}"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK)
        # One that has begun does not count: it may have read the figure already.
        waiting = BackgroundJob.objects.unfinished().filter(performed_at__isnull=True)
        if not waiting.filter(lock_keys__contains=[key]).exists():
            launcher = AdminAlertJob.using(run_after=due_at, lock_keys=[key])
            launcher.enqueue(job_class, error_class, first)


def _text(alert: FailureAlert, times: str, first: dict[str, Any]) -> str:
    since = f" since {alert.sent_at:%Y-%m-%d %H:%M} UTC" if alert.sent_at.timestamp() else ""
    lines = [
        f"Jobs of the class {alert.job_class} were discarded with {alert.error_class} {times}{since}.",
        "",
        f"The first: {_link(first['id'])}",
        f"{alert.error_class}: {first['message']}",
    ]
    if first["request_id"]:
        lines.append(f"Request: {first['request_id']}")
    latest = BackgroundJob.objects.discarded().filter(
        job_class=alert.job_class, error__startswith=alert.error_class, finished_at__gt=alert.sent_at
    )
    ids = [str(pk) for pk in latest.order_by("-id").values_list("pk", flat=True)[: min(_JOBS, alert.count)]]
    if ids and ids != [first["id"]]:
        lines += ["", "The latest:", *map(_link, ids)]
    if site := _address("jobs:jobs"):
        lines += ["", f"All jobs: {site}"]
    return "\n".join(lines) + "\n"


def _link(job_id: str) -> str:
    return _address("jobs:job", job_id) or job_id


def _address(name: str, *args: str) -> str:
    """The page's address, as far as the project says where its site is and has the dashboard; else ""."""
    site = getattr(settings, "JOBS_SITE_URL", "")
    try:
        return f"{site.rstrip('/')}{reverse(name, args=args)}" if site else ""
    except NoReverseMatch:
        return ""


def _one_line(text: str) -> str:
    return " ".join(text.split())
