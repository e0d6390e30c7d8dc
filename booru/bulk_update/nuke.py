"""`nuke target`: the tag is removed from every post, or the pool is emptied."""

from __future__ import annotations

from dataclasses import dataclass

from booru.bulk_update.command import line_shape
from booru.bulk_update.unsupported import UnsupportedCommand


@dataclass(frozen=True)
class Nuke(UnsupportedCommand):
    """The target is kept as it was typed."""

    target: str

    shape = line_shape(r"nuke (?P<target>\S+)")
    deed = "nuke tags"
