"""The time zones that users choose from (behaviour I.1)."""

from __future__ import annotations

from datetime import UTC, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

DEFAULT = "Eastern Time (US & Canada)"
# Names that are not those of the time zone database.
_NICKNAMES = {DEFAULT: "America/New_York"}
# Old spellings, and zones that say nothing of a place.
_LEFT_OUT = ("Etc/", "SystemV/", "US/", "posix/", "right/")


@cache
def time_zone_names() -> tuple[str, ...]:
    """Danbooru's own first, then UTC and the places by continent."""
    places = (name for name in available_timezones() if "/" in name and not name.startswith(_LEFT_OUT))
    return (*_NICKNAMES, "UTC", *sorted(places))


def time_zone(name: str) -> tzinfo:
    """UTC for a name that this machine does not know."""
    try:
        return ZoneInfo(_NICKNAMES.get(name, name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
