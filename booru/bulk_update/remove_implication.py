"""`remove implication a -> b`: posts with one tag no longer get the other."""

from __future__ import annotations

from booru.bulk_update.command import line_shape
from booru.bulk_update.tag_pair import TagPairCommand
from booru.bulk_update.unsupported import UnsupportedCommand


class RemoveImplication(UnsupportedCommand, TagPairCommand):
    shape = line_shape(r"(?:remove implication|unimply) (?P<old>\S+) -> (?P<new>\S+)")
    deed = "remove implications"

    @property
    def dtext(self) -> str:
        return f"remove implication {self.links}"
