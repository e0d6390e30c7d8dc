"""`mass update search -> edit`: every post that is found gets the edit."""

from __future__ import annotations

from dataclasses import dataclass

from booru.bulk_update.command import line_shape
from booru.bulk_update.unsupported import UnsupportedCommand


@dataclass(frozen=True)
class MassUpdate(UnsupportedCommand):
    """Both sides are kept as they were typed; the first ` -> ` parts them."""

    search: str
    edit: str

    shape = line_shape(r"(?:mass update|update) (?P<search>.+?) -> (?P<edit>.*)")
    deed = "mass update posts"
