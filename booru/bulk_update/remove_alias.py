"""`remove alias a -> b`: the old tag is a tag of its own again."""

from __future__ import annotations

from booru.bulk_update.command import line_shape
from booru.bulk_update.tag_pair import TagPairCommand
from booru.bulk_update.unsupported import UnsupportedCommand


class RemoveAlias(UnsupportedCommand, TagPairCommand):
    shape = line_shape(r"(?:remove alias|unalias) (?P<old>\S+) -> (?P<new>\S+)")
    deed = "remove aliases"

    @property
    def dtext(self) -> str:
        return f"remove alias {self.links}"
