"""`deprecate tag`: the tag may no longer be added to posts."""

from __future__ import annotations

from dataclasses import dataclass

from booru.bulk_update.command import line_shape
from booru.bulk_update.unsupported import UnsupportedCommand
from booru.tag_names import normalize_tag_name


@dataclass(frozen=True)
class Deprecate(UnsupportedCommand):
    tag: str

    shape = line_shape(r"deprecate (?P<tag>\S+)")
    deed = "deprecate tags"

    def __post_init__(self) -> None:
        object.__setattr__(self, "tag", normalize_tag_name(self.tag))

    @property
    def dtext(self) -> str:
        return f"deprecate [[{self.tag}]]"
