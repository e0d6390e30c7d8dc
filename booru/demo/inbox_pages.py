"""The inbox in the browser: a list, and each mail with its HTML, its text, its headers and its source."""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string

if TYPE_CHECKING:
    from booru.demo.mailbox import Mail, Mailbox

_MAIL = re.compile(r"/mails/([0-9]{1,9})(/html|/source)?")
_LOCAL_HOSTS = {"127.0.0.1", "localhost"}
_PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; frame-ancestors 'none'"
# A mail is somebody else's page: it may show itself and open links in new tabs, nothing more.
_MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "style-src 'unsafe-inline'; img-src data:"
)


def pages_for(mailbox: Mailbox, site_url: str) -> type[BaseHTTPRequestHandler]:
    """The request handler for this mailbox."""
    return type("InboxPages", (_Pages,), {"mailbox": mailbox, "site_url": site_url})


class _Pages(BaseHTTPRequestHandler):
    mailbox: Mailbox
    site_url: str
    # A browser that opens a connection for later and says nothing must not hold a thread for ever.
    timeout = 30

    def do_GET(self) -> None:
        # Another site whose name is made to point here must not read the mails.
        if self.headers.get("Host", "").rpartition(":")[0] not in _LOCAL_HOSTS:
            self._page(HTTPStatus.FORBIDDEN, "problem", problem="This inbox is only for this machine.")
            return
        path = self.path.partition("?")[0]
        if path == "/":
            self._page(HTTPStatus.OK, "index", mails=self.mailbox.newest_first())
        elif path == "/mails.json":
            records = [_record(mail) for mail in self.mailbox.newest_first()]
            self._answer(HTTPStatus.OK, "application/json", json.dumps(records), _PAGE_POLICY)
        elif (match := _MAIL.fullmatch(path)) and (mail := self.mailbox.numbered(int(match[1]))):
            self._show(mail, match[2])
        else:
            self._page(
                HTTPStatus.NOT_FOUND,
                "problem",
                problem="There is no such mail; maybe the demo was restarted.",
            )

    do_HEAD = do_GET  # noqa: N815 - http.server's name

    def _show(self, mail: Mail, part: str | None) -> None:
        if part == "/html":
            html = f'<base target="_blank">{mail.html or ""}'
            self._answer(HTTPStatus.OK, "text/html", html, _MAIL_POLICY)
        elif part == "/source":
            self._answer(HTTPStatus.OK, "text/plain", mail.source, _PAGE_POLICY)
        else:
            self._page(HTTPStatus.OK, "show", mail=mail)

    def _page(self, status: HTTPStatus, template: str, **context: Any) -> None:
        html = render_to_string(f"demo_inbox/{template}.html", {"site_url": self.site_url, **context})
        self._answer(status, "text/html", html, _PAGE_POLICY)

    def _answer(self, status: HTTPStatus, content_type: str, text: str, policy: str) -> None:
        body = text.encode("utf-8", "surrogateescape")
        self.send_response(status)
        self.send_header("Content-Type", f"{content_type}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """The demo's terminal is for its story."""


def _record(mail: Mail) -> dict[str, Any]:
    return {
        "number": mail.number,
        "received_at": mail.received_at.isoformat(),
        "from": mail.sender,
        "to": list(mail.recipients),
        "subject": mail.subject,
        "headers": mail.headers,
        "text": mail.text,
        "html": mail.html,
    }
