"""Cron lines in words, as far as words are shorter than the line."""

from __future__ import annotations

import re

_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def in_words(cron: str) -> str:
    """Such as "every 5 minutes", "hourly at :00", "daily at 00:00", "Sundays at 00:00"; "" for the rest."""
    match cron.split():
        case ["*", "*", "*", "*", "*"]:
            return "every minute"
        case [minute, "*", "*", "*", "*"] if step := re.fullmatch(r"\*/([0-9]+)", minute):
            return f"every {step[1]} minutes"
        case [minute, "*", "*", "*", "*"] if minute.isdecimal():
            return f"hourly at :{minute:0>2}"
        case [minute, hour, day, "*", weekday] if minute.isdecimal() and hour.isdecimal():
            return _days(day, weekday, f"{hour:0>2}:{minute:0>2}")
    return ""


def _days(day: str, weekday: str, time: str) -> str:
    match day, weekday:
        case "*", "*":
            return f"daily at {time}"
        case "*", _ if re.fullmatch("[0-7]", weekday):
            return f"{_DAYS[int(weekday)]}s at {time}"
        case _, "*" if day.isdecimal():
            return f"monthly on day {day} at {time}"
    return ""
