"""Clicks what a page asks for."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.test import Client


class Form(HTMLParser):
    """The form of the page's own content that has these words on its button."""

    def __init__(self, html: str, button: str) -> None:
        super().__init__()
        self.button, self.found = button, False
        self.action, self.fields = "", {}
        self._action, self._fields = "", {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "form":
            self._action, self._fields = values.get("action") or "", {}
        if tag == "input" and values.get("name"):
            self._fields[values["name"]] = values.get("value") or ""

    def handle_data(self, data: str) -> None:
        if data.strip() == self.button:
            self.found, self.action, self.fields = True, self._action, self._fields


def click(client: Client, url: str, button: str, **extra: Any) -> Any:
    """Open the page and send the form behind its button."""
    form = Form(client.get(url, **extra).content.decode(), button)
    assert form.found, f"{url} has no button {button!r}"
    return client.post(form.action, form.fields, **extra)
