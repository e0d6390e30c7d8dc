"""Asks a mail server whether it would take mail for somebody, without sending any (RFC 5321)."""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from dataclasses import dataclass

SMTP_PORT = 25
_MOST_BYTES = 64 * 1024


class NotSaid(ConnectionError):
    """The server talks, but not about this recipient."""


def reply_to_recipient(
    recipient: str, *, sender: str, name: str, server: tuple[str, int], until: float
) -> int:
    """The code that the server answers RCPT TO with; `name` is what we call ourselves.

    Raises OSError when there is none until that moment of time.monotonic(), however slowly the server talks;
    ConnectionRefusedError when nobody listens. The addresses must be valid ones.
    """
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    with socket.create_connection(server, timeout=left) as connection:
        talk = _Talk(connection, until)
        talk.expect_welcome()
        talk.must_agree(f"EHLO {name}")
        talk.must_agree(f"MAIL FROM:<{sender}>")
        code = talk.say(f"RCPT TO:<{recipient}>")
        with suppress(OSError):
            talk.send("QUIT")
        return code


@dataclass
class _Talk:
    connection: socket.socket
    until: float
    heard: bytes = b""
    total: int = 0

    def expect_welcome(self) -> None:
        if not 200 <= self._reply() < 300:
            raise NotSaid

    def must_agree(self, line: str) -> None:
        if not 200 <= self.say(line) < 300:
            raise NotSaid

    def say(self, line: str) -> int:
        self.send(line)
        return self._reply()

    def send(self, line: str) -> None:
        self._set_timeout()
        self.connection.sendall(f"{line}\r\n".encode())

    def _reply(self) -> int:
        """The code of an answer, which may have several lines."""
        line = self._line()
        while line[3:4] == b"-":
            line = self._line()
        if not line[:3].isdigit():
            raise NotSaid
        return int(line[:3])

    def _line(self) -> bytes:
        while b"\n" not in self.heard:
            self._set_timeout()
            received = self.connection.recv(4096)
            self.total += len(received)
            if not received or self.total > _MOST_BYTES:
                raise NotSaid
            self.heard += received
        line, _, self.heard = self.heard.partition(b"\n")
        return line

    def _set_timeout(self) -> None:
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.connection.settimeout(left)
