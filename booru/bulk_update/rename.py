"""`rename a -> b`: the tag gets another name, and no alias stays behind."""

from __future__ import annotations

from booru.bulk_update.command import line_shape
from booru.bulk_update.tag_pair import TagPairCommand
from booru.bulk_update.unsupported import UnsupportedCommand


class Rename(UnsupportedCommand, TagPairCommand):
    shape = line_shape(r"rename (?P<old>\S+) -> (?P<new>\S+)")
    deed = "rename tags"

    @property
    def dtext(self) -> str:
        return f"rename {self.links}"
