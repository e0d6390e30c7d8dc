"""Reads the HTML that DText became, as a browser does."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import NamedTuple

_WITHOUT_END = {"br", "hr"}


class Page(NamedTuple):
    text: str
    tags: set[str]
    attributes: dict[str, set[str]]
    is_well_formed: bool


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.opened: list[str] = []
        self.tags: set[str] = set()
        self.attributes: dict[str, set[str]] = {}
        self.is_well_formed = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, set()).add(value or "")
        if tag not in _WITHOUT_END:
            self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.opened or self.opened.pop() != tag:
            self.is_well_formed = False

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_comment(self, data: str) -> None:
        self.is_well_formed = False

    handle_decl = handle_pi = unknown_decl = handle_comment


def read(html: str) -> Page:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return Page(
        "".join(reader.text), reader.tags, reader.attributes, reader.is_well_formed and not reader.opened
    )
