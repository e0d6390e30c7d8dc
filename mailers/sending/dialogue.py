"""A conversation with a mail server that ends in time, whatever the server does."""

from __future__ import annotations

import io
import smtplib
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from jobs.mail import TemporaryDeliveryError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# Bytes of an answer; RFC 5321 lets a server say 512 a line.
_MOST_OF_AN_ANSWER = 64 * 1024
_END_OF_MESSAGE = b"\r\n.\r\n"


class Unanswered(TemporaryDeliveryError):
    """The server was given the whole email and did not say whether it took it.

    Another attempt may make a second copy, so the next one comes late: until then the server may have
    recovered from what kept it from answering.
    """

    retry_after = timedelta(minutes=5)


class Dialogue(smtplib.SMTP):
    """smtplib's, but no server holds it for longer than `total_timeout`.

    smtplib's own time-out begins again with each byte that arrives: a server that says a byte a second, or a
    greeting that never ends, would keep it for ever.
    """

    def __init__(self, *args: Any, read_timeout: float, total_timeout: float, **kwargs: Any) -> None:
        self._read_timeout, self._total_timeout = read_timeout, total_timeout
        self._is_all_sent = False
        self._answered = 0
        self.begin()
        super().__init__(*args, **kwargs)

    def begin(self, seconds: float | None = None) -> None:
        """The time for connecting, or for the next email, begins now."""
        self._until = time.monotonic() + (self._total_timeout if seconds is None else seconds)

    def read(self, buffer: WriteableBuffer) -> int:
        """What the server says next. Raises OSError when it takes too long, or says too much."""
        if self._answered > _MOST_OF_AN_ANSWER:
            raise ConnectionError("the mail server's answer does not end")
        assert self.sock
        self.sock.settimeout(max(min(self._read_timeout, self._left()), 0.001))
        try:
            count = self.sock.recv_into(buffer)
        except TimeoutError:
            if self._left() > 0:
                raise
        else:
            self._answered += count
            if self._left() > 0:
                return count
        raise TimeoutError(f"it took longer than {self._total_timeout:g} s in all")

    def _left(self) -> float:
        return self._until - time.monotonic()

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None:
            self.file = io.BufferedReader(_Reader(self))
        self._answered = 0
        return super().getreply()

    def send(self, s: Any) -> None:
        super().send(s)
        self._is_all_sent = isinstance(s, bytes) and s.endswith(_END_OF_MESSAGE)

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Raises Unanswered when nobody knows whether the server has it."""
        self._is_all_sent = False
        try:
            code, answer = super().data(msg)
        except OSError as error:  # smtplib's errors are OSErrors, too
            if self._is_all_sent:
                raise Unanswered(f"{type(error).__name__}: {error}") from error
            raise
        if code < 0:
            raise Unanswered(f"the mail server answered no number: {answer.decode('ascii', 'replace')}")
        return code, answer


class Smtp(Dialogue):
    """In the clear, until STARTTLS."""


class SmtpOverTls(Dialogue, smtplib.SMTP_SSL):
    """Encrypted from the start."""


class _Reader(io.RawIOBase):
    """The server's side, as smtplib reads it."""

    def __init__(self, dialogue: Dialogue) -> None:
        super().__init__()
        self._dialogue = dialogue

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        return self._dialogue.read(buffer)
