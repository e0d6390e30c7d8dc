"""What the lists of addresses share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path, register_converter

if TYPE_CHECKING:
    from django.urls import URLPattern

    from booru.web.http.actions import Action


class RecordIdConverter:
    """A record's id, short enough for the database's integers."""

    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(RecordIdConverter, "id")


def with_json(route: str, view: Action, name: str) -> list[URLPattern]:
    """The page, and the same for programs at `<route>.json`."""
    return [path(route, view, name=name), path(f"{route}.json", view)]
