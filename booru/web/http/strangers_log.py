"""What a stranger can cause is one line in the log, at WARNING: no traceback, and no email to the admins.

A forged host name, a body that makes no sense or a client that has gone is nobody's fault here. Django tells
of each in a logger of its own, at ERROR, so the records are changed where they are made.
"""

from __future__ import annotations

import logging
from typing import Any

from django.http import UnreadablePostError

_REQUESTS, _SECURITY = "django.request", "django.security"


def tell_of_strangers_in_one_line() -> None:
    """From now on, in this process."""
    make = logging.getLogRecordFactory()
    if not isinstance(make, _Records):
        logging.setLogRecordFactory(_Records(make))


class _Records:
    def __init__(self, make: Any) -> None:
        self._make = make

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        record: logging.LogRecord = self._make(*args, **kwargs)
        if _is_strangers_fault(record):
            _shorten(record)
        return record


def _is_strangers_fault(record: logging.LogRecord) -> bool:
    if record.name == _SECURITY or record.name.startswith(f"{_SECURITY}."):
        return True
    if record.name != _REQUESTS:
        return False
    error = record.exc_info[1] if record.exc_info else None
    # Django's level for answers from 500 on is ERROR.
    return isinstance(error, UnreadablePostError) or record.levelno <= logging.WARNING


def _shorten(record: logging.LogRecord) -> None:
    record.levelno = min(record.levelno, logging.WARNING)
    record.levelname = logging.getLevelName(record.levelno)
    record.exc_info = record.exc_text = record.stack_info = None
    message = record.getMessage()
    if not message.isprintable():
        record.msg, record.args = ascii(message), None
