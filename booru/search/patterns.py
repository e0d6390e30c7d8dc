"""Regular expressions that visitors search by: which of PostgreSQL's it is asked at all (behaviour 0.4).

Without look-around and back references PostgreSQL reads a text once from its beginning to its end, whatever
the pattern; with them it may try for ever. A pattern that repeats repetitions takes long to be understood.
"""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.db import DataError, connection, transaction

from booru.visitors.time_limits import QueryTimedOut, TimeLimit, time_limited

_LONGEST = 500
# How long a pattern would be with every {n} written out.
_LARGEST = 2000
_SECONDS = 0.5
# Wherever they stand: what looks like a bracket or a comment around them may be none.
_TRIES_FOR_EVER = re.compile(r"\(\?<?[=!]|\\[1-9]")
# Where comments, spaces or backslashes mean something else, it cannot be told what a repetition repeats.
_OTHER_SYNTAX = re.compile(r"\A(?:\*{3}:)?\(\?[a-z]*[bex]|\(\?#")
_TOKEN = re.compile(
    r"\\."
    # In brackets nothing else has a meaning.
    r"|\[\^?\]?(?:\[[.:=].*?[.:=]\]|\\.|[^\]\\])*\]"
    r"|(?P<open>\()|(?P<close>\))"
    r"|\{(?P<least>\d{1,9})(?P<more>,(?P<most>\d{0,9}))?\}|.",
    re.DOTALL | re.ASCII,
)


class UnsuitablePattern(ValidationError):
    """It is not asked of the database; the message is for whoever searches."""


def check_pattern(pattern: str) -> None:
    """Raises UnsuitablePattern for one that could take the database very long."""
    if len(pattern) > _LONGEST:
        raise UnsuitablePattern(f"Regular expression is too long (maximum is {_LONGEST} characters)")
    if _TRIES_FOR_EVER.search(pattern):
        raise UnsuitablePattern(
            "Regular expressions with look-around or back references can't be searched for"
        )
    if _OTHER_SYNTAX.search(pattern):
        raise UnsuitablePattern(
            "Regular expressions with comments or the options b, e, x can't be searched for"
        )
    if _written_out(pattern) > _LARGEST:
        raise UnsuitablePattern("Regular expression repeats too much; use smaller numbers in {}")


def is_understood(pattern: str) -> bool:
    """Whether the database takes it, which only the database knows. Raises UnsuitablePattern."""
    check_pattern(pattern)
    try:
        with transaction.atomic(), time_limited(TimeLimit(_SECONDS)), connection.cursor() as cursor:
            cursor.execute("SELECT '' ~ %s", [pattern])
    except DataError:
        return False
    except QueryTimedOut as error:
        raise UnsuitablePattern("Regular expression is too complex; make it shorter") from error
    return True


def _written_out(pattern: str) -> int:
    """The size of it, with groups inside of groups as often as they are repeated."""
    groups, last = [0], 0
    for token in _TOKEN.finditer(pattern):
        if token["open"]:
            groups.append(0)
            last = 0
        elif token["close"]:
            last = max(groups.pop(), 1)
            groups = groups or [0]
            groups[-1] += last
        elif token["least"]:
            times = max(
                int(token["least"]) + 1 if token["more"] else int(token["least"]), int(token["most"] or 0)
            )
            groups[-1] += last * (times - 1)
            last *= times
        else:
            last = 1
            groups[-1] += 1
    return sum(groups)
