"""Template tags of the dashboard: arguments, ages and durations."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import template
from django.apps import apps
from django.core.exceptions import ValidationError
from django.urls import NoReverseMatch
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from jobs.engine.arguments import describe_argument

if TYPE_CHECKING:
    from jobs.engine.models import BackgroundJob

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
    text = f"in {age(-span)}" if span < timedelta(seconds=-1) else f"{age(span)} ago"
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.isoformat(timespec="seconds"),
        moment.strftime("%Y-%m-%d %H:%M:%S %Z"),
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


@register.simple_tag
def arguments(job: BackgroundJob) -> SafeString:
    """The arguments for people; records lead to their pages. Asks the database for nothing."""
    parts = [("", value) for value in job.arguments.get("args", ())]
    parts += [(f"{name}=", value) for name, value in job.arguments.get("kwargs", {}).items()]
    return format_html_join(", ", "{}{}", ((name, _linked(value)) for name, value in parts))


def _linked(value: Any) -> SafeString | str:
    match value:
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
    except (LookupError, AttributeError, NoReverseMatch, ValidationError, ValueError, TypeError):
        return ""
