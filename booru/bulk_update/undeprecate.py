"""`undeprecate tag`: the tag may be added to posts again."""

from __future__ import annotations

from dataclasses import dataclass

from booru.bulk_update.command import line_shape
from booru.bulk_update.unsupported import UnsupportedCommand
from booru.tag_names import normalize_tag_name


@dataclass(frozen=True)
class Undeprecate(UnsupportedCommand):
    tag: str

    shape = line_shape(r"undeprecate (?P<tag>\S+)")
    deed = "undeprecate tags"

    def __post_init__(self) -> None:
        object.__setattr__(self, "tag", normalize_tag_name(self.tag))

    @property
    def dtext(self) -> str:
        return f"undeprecate [[{self.tag}]]"
