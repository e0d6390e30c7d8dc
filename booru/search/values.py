"""Numbers, dates and ages as people type them into search fields (behaviour 0.4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")
_AGE = re.compile(
    r"([0-9]{1,6}(?:\.[0-9]{1,6})?)\s*"
    r"(s|seconds?|mi|minutes?|h|hours?|d|days?|w|weeks?|mo|months?|y|years?)(?:\s+ago)?",
    re.IGNORECASE,
)
_UNITS = {
    "s": timedelta(seconds=1),
    "mi": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "mo": timedelta(days=30),
    "y": timedelta(days=365),
}


@dataclass(frozen=True, slots=True)
class Span:
    """What a value stands for: a day is all of its moments, a number only itself."""

    first: Any
    last: Any
    is_age: bool = False


def integer_span(text: str) -> Span | None:
    text = text.strip()
    if not text.isascii() or not _INTEGER.fullmatch(text):
        return None
    return Span(int(text), int(text))


def moment_span(text: str) -> Span | None:
    """A day, a moment, or an age such as `2 weeks`; a month has 30 days in it, a year 365."""
    text = text.strip()
    if not text.isascii():
        return None
    try:
        if match := _AGE.fullmatch(text):
            return _age_span(float(match[1]), _UNITS[_unit(match[2].lower())])
        return _calendar_span(text)
    except (ValueError, OverflowError):
        return None


def _age_span(count: float, unit: timedelta) -> Span:
    """As an age is read: "2 weeks" until the third is full."""
    now = timezone.now()
    just_under = timedelta(microseconds=1)
    return Span(now - (count + 1) * unit + just_under, now - count * unit, is_age=True)


def _unit(word: str) -> str:
    if word.startswith(("mi", "mo")):
        return word[:2]
    return word[0]


def _calendar_span(text: str) -> Span:
    if _DAY.fullmatch(text):
        year, month, day = (int(part) for part in text.split("-"))
        return _lasting(datetime(year, month, day, tzinfo=UTC), timedelta(days=1))
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    # Times are shown in seconds, and to programs in thousandths of them.
    precision = timedelta(milliseconds=1) if moment.microsecond else timedelta(seconds=1)
    return _lasting(moment.astimezone(UTC), precision)


def _lasting(start: datetime, duration: timedelta) -> Span:
    return Span(start, start + duration - timedelta(microseconds=1))
