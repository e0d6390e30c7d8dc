"""Leaving a mail server alone that fails: the other emails neither wait for it nor use up their attempts."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from smtplib import SMTPException
from typing import TYPE_CHECKING

from anymail.exceptions import AnymailAPIError
from django.conf import settings
from django.db import connection
from django.db.models import DurationField, ExpressionWrapper, F
from django.db.models.functions import Now

from jobs.engine.errors import Postponed
from mailers.models import MailServerTrouble
from mailers.sending.delivery_url import SMTP
from mailers.sending.temporary import is_about_the_server
from mailers.tracking.record_text import clean

if TYPE_CHECKING:
    from typing import Any

# So many failures in a row may be bad luck. After that the waits double, from the first to the longest.
_BAD_LUCK = 2
_FIRST, _LONGEST = timedelta(seconds=10), timedelta(minutes=5)
# Seconds that a worker believes a server to be well before it looks again: a query less for most emails.
_BELIEVED = 1.0

_here = threading.local()

_TABLE = MailServerTrouble._meta.db_table
_NOTE = f"""
    INSERT INTO {_TABLE} AS trouble (server, reason, retry_at)
    VALUES (%(server)s, %(reason)s, statement_timestamp())
    ON CONFLICT (server) DO UPDATE
    SET failures = trouble.failures + 1, reason = EXCLUDED.reason,
        retry_at = statement_timestamp() + CASE
            WHEN trouble.failures < %(bad_luck)s THEN interval '0'
            ELSE least(%(longest)s, %(first)s * 2 ^ least(trouble.failures - %(bad_luck)s, 20))
        END
"""  # noqa: S608 -- only names of our own


def server() -> str:
    """What emails are given to now: host and port, or the provider's backend."""
    if settings.EMAIL_BACKEND == SMTP:
        return f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    return str(settings.EMAIL_BACKEND)


def postpone_while_away() -> None:
    """Raises Postponed until the server that fails may be tried again."""
    name = server()
    if getattr(_here, "well", None) == name and time.monotonic() < _here.until:
        return
    wait = ExpressionWrapper(F("retry_at") - Now(), output_field=DurationField())
    trouble = MailServerTrouble.objects.filter(server=name).annotate(wait=wait).first()
    if trouble is None:
        _here.well, _here.until = name, time.monotonic() + _BELIEVED
        return
    _here.well = None
    if trouble.wait > timedelta():
        raise Postponed(f"the mail server {name} fails ({trouble.reason})", trouble.wait)


def note_error(error: Exception) -> None:
    """Count it, if the next email would meet the same."""
    if not is_about_the_server(error):
        if isinstance(error, SMTPException | AnymailAPIError):
            note_answer()
        return
    _here.well = None
    params: dict[str, Any] = {"server": server(), "reason": clean(str(error))[:500]}
    params |= {"bad_luck": _BAD_LUCK, "first": _FIRST, "longest": _LONGEST}
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, params)


def note_answer() -> None:
    """The server works, whatever it said of the email. No query, unless it was in trouble."""
    if getattr(_here, "well", None) != server():
        MailServerTrouble.objects.filter(server=server()).delete()
