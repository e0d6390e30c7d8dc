"""`convert tag -> pool` and `convert pool -> tag`: the posts of one become the posts of the other."""

from __future__ import annotations

from dataclasses import dataclass

from booru.bulk_update.command import line_shape
from booru.bulk_update.unsupported import UnsupportedCommand


@dataclass(frozen=True)
class Convert(UnsupportedCommand):
    """Both sides are kept as they were typed; the first ` -> ` parts them."""

    left: str
    right: str

    shape = line_shape(r"convert (?P<left>.+?) -> (?P<right>.*)")
    deed = "convert tags and pools"
