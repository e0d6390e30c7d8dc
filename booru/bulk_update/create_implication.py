"""`create implication a -> b`: posts with one tag also get the other."""

from __future__ import annotations

from booru.bulk_update.command import line_shape
from booru.bulk_update.tag_pair import TagPairCommand
from booru.bulk_update.unsupported import UnsupportedCommand


class CreateImplication(UnsupportedCommand, TagPairCommand):
    shape = line_shape(r"(?:create implication|imply) (?P<old>\S+) -> (?P<new>\S+)")
    deed = "create implications"

    @property
    def dtext(self) -> str:
        return f"create implication {self.links}"
