"""Reads emails as their receivers do."""

from __future__ import annotations

import email
from email import policy
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from email.message import EmailMessage

    from mailers.base import Delivery
    from mailers.content.message import Message


class Links(HTMLParser):
    """The targets and texts of the links of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._href: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._href = dict(attrs).get("href") if tag == "a" else self._href

    def handle_data(self, data: str) -> None:
        if self._href is not None:
            self.found.append((data.strip(), self._href))

    def handle_endtag(self, tag: str) -> None:
        self._href = None if tag == "a" else self._href


def received(delivery: Delivery) -> EmailMessage:
    """The email as a receiver parses it, with every defect an error."""
    return email.message_from_bytes(wire_of(delivery.message), policy=policy.strict)


def wire_of(message: Message) -> bytes:
    """As the SMTP backend of this Django sends it."""
    if django.VERSION < (6,):
        return message.message().as_bytes(linesep="\r\n")
    return message.message(policy=policy.SMTP).as_bytes()


def parts(message: EmailMessage) -> tuple[str, str]:
    """The HTML and the text."""
    html, text = message.get_body(("html",)), message.get_body(("plain",))
    assert html is not None
    assert text is not None
    return html.get_content(), text.get_content()
