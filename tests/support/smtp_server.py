"""A real SMTP server that can be told to misbehave."""

from __future__ import annotations

import asyncio
import socket
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from tests.support.waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from ssl import SSLContext

    from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class MailServer:
    """Keeps what it is sent. The replies, if any, are given once each, in order, instead of taking the mail.

    A reply is an SMTP answer to DATA, "close" (the connection is dropped after DATA) or "silence".
    """

    replies: list[str] = field(default_factory=list)
    recipient_replies: list[str] = field(default_factory=list)
    received: list[Envelope] = field(default_factory=list)
    logins: list[tuple[str, str, str]] = field(default_factory=list)
    # Where the recipients' names came from, one for each connection.
    peers: list[object] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if session.peer not in self.peers:
            self.peers.append(session.peer)
        if self.recipient_replies:
            return self.recipient_replies.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        reply = self.replies.pop(0) if self.replies else ""
        if reply == "close":
            server.transport.abort()
            return "250 never arrives"
        if reply == "silence":
            await asyncio.sleep(PATIENCE)
            return "250 too late"
        if not reply:
            self.received.append(envelope)
        return reply or "250 OK"

    def log_in(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append((mechanism, data.login.decode(), data.password.decode()))
        return AuthResult(success=data.password == b"right", handled=False)


@contextmanager
def mail_server(
    *,
    with_login: bool = False,
    starttls: SSLContext | None = None,
    tls: SSLContext | None = None,
    **kwargs: Any,
) -> Iterator[MailServer]:
    """A server on 127.0.0.1, on a port that was free."""
    server = MailServer(**kwargs)
    options: dict[str, Any] = {}
    if with_login:
        options = {"authenticator": server.log_in, "auth_require_tls": False, "auth_required": True}
    if starttls:
        options |= {"tls_context": starttls, "require_starttls": True}
    controller = Controller(server, hostname="127.0.0.1", port=free_port(), ssl_context=tls, **options)
    controller.start()
    server.port = controller.port
    try:
        yield server
    finally:
        controller.stop()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
