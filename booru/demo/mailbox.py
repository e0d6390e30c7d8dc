"""The mails that were received, in memory."""

from __future__ import annotations

import email
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from email.message import EmailMessage

# The oldest go when there are more.
_CAPACITY = 1000


@dataclass(frozen=True)
class Mail:
    """A mail as it came over the wire."""

    number: int
    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    received_at: datetime

    @cached_property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.raw, policy=policy.default)

    @property
    def subject(self) -> str:
        return self.header("Subject") or "(no subject)"

    @property
    def headers(self) -> list[tuple[str, str]]:
        """Name and decoded value, in the order of the mail."""
        return [(name, str(value)) for name, value in self.message.items()]

    @property
    def text(self) -> str | None:
        return self._body("plain")

    @property
    def html(self) -> str | None:
        return self._body("html")

    @property
    def source(self) -> str:
        return self.raw.decode("utf-8", "replace")

    def header(self, name: str) -> str | None:
        value = self.message[name]
        return None if value is None else str(value)

    def _body(self, kind: str) -> str | None:
        part = self.message.get_body((kind,))
        if part is None:
            return None
        try:
            return str(part.get_content()).replace("\r\n", "\n")
        except (LookupError, ValueError):
            # An unknown charset: better some wrong letters than nothing.
            payload = part.get_payload(decode=True)
            return payload.decode("latin-1") if isinstance(payload, bytes) else ""


class Mailbox:
    """Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._mails: deque[Mail] = deque(maxlen=_CAPACITY)
        self._received = 0

    def receive(self, sender: str, recipients: Sequence[str], raw: bytes) -> Mail:
        with self._lock:
            self._received += 1
            mail = Mail(self._received, sender, tuple(recipients), raw, datetime.now(UTC))
            self._mails.append(mail)
        return mail

    def newest_first(self) -> list[Mail]:
        with self._lock:
            return list(reversed(self._mails))

    def numbered(self, number: int) -> Mail | None:
        return next((mail for mail in self.newest_first() if mail.number == number), None)

    def with_header(self, name: str, value: str) -> Mail | None:
        return next((mail for mail in self.newest_first() if mail.header(name) == value), None)
