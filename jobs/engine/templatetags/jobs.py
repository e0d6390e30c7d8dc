"""Template tags of the dashboard: arguments, states, ages and durations."""

from __future__ import annotations

import re
from collections.abc import Container
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import template
from django.apps import apps
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from jobs.engine.insight import excerpts
from jobs.engine.insight.argument_words import describe_argument
from jobs.engine.insight.job_record import progress_of
from jobs.engine.insight.queue_sizes import COUNT_LIMIT
from jobs.engine.models import Hold, JobStatus, PauseKind
from jobs.engine.models.names import words

if TYPE_CHECKING:
    from jobs.engine.models import BackgroundJob, WorkerCluster

register = template.Library()

# "mailers.user_mailer.UserMailer": its last part says enough.
_CLASS_PATH = re.compile(r"([a-z_][a-z0-9_]*\.)+[A-Z][A-Za-z0-9]*")
_UNITS = (("year", 365 * 86400), ("month", 30 * 86400), ("day", 86400), ("hour", 3600), ("minute", 60))


@register.simple_tag
def time_ago(moment: datetime | None) -> SafeString | str:
    """How long ago, with the exact time for machines and on hover."""
    if moment is None:
        return ""
    span = timezone.now() - moment
    try:
        exact = timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S %Z")
    except (OverflowError, ValueError):  # at the end of the calendar
        exact = moment.isoformat()
    text = f"in {age(-span)}" if span < timedelta(seconds=-1) else f"{age(span)} ago"
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.isoformat(timespec="seconds"),
        exact,
        text,
    )


def age(span: timedelta) -> str:
    """A span in its largest whole unit: "3 days", "less than a minute"."""
    seconds = max(int(span.total_seconds()), 0)
    for unit, size in _UNITS:
        if count := seconds // size:
            return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    return "less than a minute"


@register.filter
def stopwatch(span: timedelta | None) -> str:
    """`m:ss.mmm`, from an hour on `h:mm:ss.mmm`."""
    if span is None:
        return ""
    milliseconds = max(round(span / timedelta(milliseconds=1)), 0)
    seconds, milliseconds = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}:{minutes:02}:{seconds:02}.{milliseconds:03}"
    return f"{minutes}:{seconds:02}.{milliseconds:03}"


@register.filter
def moments(span: timedelta | None) -> str:
    """A short span as people say it: "0.4 seconds", "12 seconds", then as `age`."""
    if span is None:
        return ""
    seconds = max(span.total_seconds(), 0)
    if seconds >= 60:
        return age(span)
    return f"{seconds:.1f} seconds" if seconds < 10 else f"{seconds:.0f} seconds"


@register.filter
def memory(kibibytes: int | None) -> str:
    """Resident memory, given in KiB: "84 MiB", "1.2 GiB"."""
    if not kibibytes:
        return ""
    mebibytes = kibibytes / 1024
    return f"{mebibytes / 1024:.1f} GiB" if mebibytes >= 1000 else f"{mebibytes:.0f} MiB"


@register.filter
def at_most(count: int) -> str:
    """A number of jobs that was not counted to its end: "12", "1000+"."""
    return f"{COUNT_LIMIT}+" if count > COUNT_LIMIT else str(count)


@register.filter
def in_words(job_class: str) -> str:
    """A job class as people call it."""
    return words(job_class)


@register.simple_tag(takes_context=True)
def section_link(context: dict[str, Any], name: str, label: str) -> SafeString:
    """A link to a page of the dashboard, marked as current on that page."""
    url = reverse(name)
    current = SafeString(' aria-current="page"') if context["request"].path == url else ""
    return format_html('<a href="{}"{}>{}</a>', url, current, label)


@register.simple_tag
def list_url(name: str, value: object) -> str:
    """The list of jobs, filtered by one value."""
    return f"{reverse('jobs:jobs')}?{urlencode({f'search[{name}]': value})}"


@register.simple_tag
def state(job: BackgroundJob) -> str:
    """The status, or "stopping" for a running job that was asked to stop."""
    if job.status_now == JobStatus.RUNNING and job.cancel_requested_at:
        return "stopping"
    return job.status_now


@register.simple_tag
def cluster_state(cluster: WorkerCluster) -> str:
    """Starting, stopping, or "up": django-q2's "Idle" only says that no ticket waits, while jobs may run."""
    return "up" if cluster.status in {"Idle", "Working"} else cluster.status.lower()


@register.simple_tag
def hold(job: BackgroundJob, pauses: Container[tuple[str, str]]) -> str:
    """Why a job whose time has come is not started, in a word or two; "" when nothing keeps it."""
    if job.status_now != JobStatus.QUEUED:
        return ""
    if (PauseKind.QUEUE, job.queue_name) in pauses or (PauseKind.JOB_CLASS, job.job_class) in pauses:
        return "paused"
    return "waits for a lock" if job.held == Hold.LOCK else ""


register.simple_tag(progress_of)


@register.simple_tag
def arguments(job: BackgroundJob) -> SafeString:
    """The arguments for people; records lead to their pages. Asks the database for nothing.

    Those that are long, or that no enqueue() has written, are shown as they are, as far as there is room.
    """
    excerpt = excerpts.arguments_of(job)
    if excerpt.text is None:
        return _rest(job, "too long for a list")
    try:
        if not excerpt.is_cut:
            return _described(excerpt.value)
    except Exception:  # noqa: BLE001 -- whatever else somebody wrote into the row
        return format_html("{}", excerpt.text)
    return format_html("{}… {}", excerpt.text, _rest(job, "all of it"))


def _described(encoded: dict[str, Any]) -> SafeString:
    parts = [("", value) for value in encoded["args"]]
    parts += [(f"{name}=", value) for name, value in encoded.get("kwargs", {}).items()]
    return format_html_join(", ", "{}{}", ((name, _linked(value)) for name, value in parts))


def _rest(job: BackgroundJob, label: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("jobs:arguments", args=[job.pk]), label)


@register.filter
def error_text(job: BackgroundJob) -> str:
    """The error as far as it is shown, "" when there is none."""
    excerpt = excerpts.error_of(job)
    return f"{excerpt.text}…" if excerpt.is_cut else excerpt.text or ""


register.filter("origin", excerpts.origin_of)


def _linked(value: Any) -> SafeString | str:
    match value:
        case {"_model": str(label), "pk": {"_uuid": str(pk)}}:
            return _linked({"_model": label, "pk": pk})
        case {"_model": str(label), "pk": pk} if url := _url(label, pk):
            return format_html('<a href="{}">{}</a>', url, describe_argument(value))
        case list():
            inner = format_html_join(", ", "{}", ((_linked(item),) for item in value))
            return mark_safe(f"[{inner}]")  # noqa: S308 -- built by format_html_join
        case str() if _CLASS_PATH.fullmatch(value):
            return format_html('<span title="{}">{}</span>', value, value.rsplit(".", 1)[-1])
    return describe_argument(value)


def _url(label: str, pk: Any) -> str:
    """Where the record is shown, as far as its primary key tells."""
    try:
        record = apps.get_model(label)(pk=pk)
        return str(record.get_absolute_url())
    except Exception:  # noqa: BLE001 -- the site's own code, with a key that may be none
        return ""
