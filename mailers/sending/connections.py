"""One connection to the mail server for several emails, kept by each thread that sends."""

from __future__ import annotations

import os
import select
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings

from mailers.sending.delivery_url import SMTP
from mailers.sending.smtp_backend import SmtpBackend

if TYPE_CHECKING:
    from django.core.mail import EmailMessage

# Emails that a connection carries, and seconds that it is kept between two: servers limit both, Exim to 1,000
# emails. A refused connection costs its email three seconds, so there had better be few.
_EMAILS, _IDLE = 500, 10.0

_here = threading.local()


@dataclass
class _Kept:
    """An open connection; `key` says to where, and whose it is."""

    backend: SmtpBackend
    key: tuple[Any, ...]
    emails: int = 0
    used_at: float = field(default_factory=time.monotonic)

    def is_usable(self) -> bool:
        """Is it for the server of now, not used up, and still open?"""
        sock = self.backend.connection.sock if self.backend.connection else None
        is_idle = time.monotonic() - self.used_at > _IDLE
        if sock is None or self.key != _key() or self.emails >= _EMAILS or is_idle:
            return False
        # A server that says something unasked says goodbye.
        return not select.select([sock], [], [], 0)[0]


class NoConnection(Exception):
    """The mail server cannot be reached, or does not let us in; `cause` is why.

    Whatever it said, it was not about the email, which is kept for later then.
    """

    def __init__(self, cause: Exception) -> None:
        super().__init__(f"{type(cause).__name__}: {cause}")
        self.cause = cause


def is_bounded() -> bool:
    """Does sending an email end in time by itself?"""
    return bool(settings.EMAIL_BACKEND == SMTP)


def send(message: EmailMessage, *, keep: bool) -> None:
    """As message.send(), over the connection that is open if there is one; `keep` it for the next email.

    After an error it is closed: nobody knows what the server makes of what it got. Raises NoConnection.
    """
    if settings.EMAIL_BACKEND != SMTP:
        message.send()
        return
    kept = _open()
    message.connection = kept.backend
    try:
        message.send()
    except BaseException:
        close()
        raise
    kept.emails += 1
    kept.used_at = time.monotonic()
    if not keep:
        close()


def close() -> None:
    """Close this thread's connection, if it has one. Whatever goes wrong: what was sent is sent."""
    kept: _Kept | None = getattr(_here, "kept", None)
    _here.kept = None
    # That of the process that this one was forked from is not ours to end.
    if kept is not None and kept.key[0] == os.getpid():
        kept.backend.fail_silently = True
        with suppress(OSError):
            kept.backend.close()


def _open() -> _Kept:
    kept: _Kept | None = getattr(_here, "kept", None)
    if kept is None or not kept.is_usable():
        close()
        backend = SmtpBackend()
        try:
            backend.open()
        except (OSError, ValueError) as error:  # smtplib's errors are OSErrors; a bad certificate file, too
            raise NoConnection(error) from error
        _here.kept = kept = _Kept(backend, _key())
    kept.backend.begin()
    return kept


def _key() -> tuple[Any, ...]:
    return (
        os.getpid(),
        *(settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_SSL),
        *(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD, str(settings.SMTP_OPTIONS)),
    )
