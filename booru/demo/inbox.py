"""A mail server for one's own machine: takes mail over SMTP, shows it in the browser, sends nothing on."""

from __future__ import annotations

import logging
import socket
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

from aiosmtpd.controller import Controller

from booru.demo.inbox_pages import pages_for
from booru.demo.mailbox import Mailbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiosmtpd.smtp import SMTP, Envelope, Session

HOST = "127.0.0.1"


class Inbox:
    """Where it is, and what it has received."""

    def __init__(self, mailbox: Mailbox, smtp_port: int, web_port: int) -> None:
        self.mailbox = mailbox
        self.delivery_url = f"smtp://{HOST}:{smtp_port}?enable_starttls=false"
        self.url = f"http://{HOST}:{web_port}"


class _Handler:
    """Takes mail for anybody."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        raw = content if isinstance(content, bytes) else (content or "").encode()
        self._mailbox.receive(envelope.mail_from or "", envelope.rcpt_tos, raw)
        return "250 OK"


@contextmanager
def running_inbox(site_url: str = "") -> Iterator[Inbox]:
    """An inbox on free ports of this machine only; what it received is gone with it.

    site_url is where its pages link back to.
    """
    # Every command of every mail is a line at INFO.
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    mailbox = Mailbox()
    smtp = Controller(_Handler(mailbox), hostname=HOST, port=_free_port())
    smtp.start()
    try:
        with ThreadingHTTPServer((HOST, 0), pages_for(mailbox, site_url)) as web:
            web.daemon_threads = True
            thread = Thread(target=web.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
            thread.start()
            try:
                yield Inbox(mailbox, smtp.port, web.server_port)
            finally:
                web.shutdown()
                thread.join()
    finally:
        smtp.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
