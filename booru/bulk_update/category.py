"""`category tag -> category`: the tag becomes an artist, a character and so on."""

from __future__ import annotations

from dataclasses import dataclass

from booru.bulk_update.command import line_shape
from booru.bulk_update.unsupported import UnsupportedCommand
from booru.tag_names import normalize_tag_name


@dataclass(frozen=True)
class Category(UnsupportedCommand):
    tag: str
    category: str

    shape = line_shape(r"category (?P<tag>\S+) -> (?P<category>.*)")
    deed = "change categories"

    def __post_init__(self) -> None:
        object.__setattr__(self, "tag", normalize_tag_name(self.tag))
        object.__setattr__(self, "category", self.category.lower())

    @property
    def dtext(self) -> str:
        return f"category [[{self.tag}]] -> {self.category}"

    @property
    def affected_tags(self) -> list[str]:
        return [self.tag]
