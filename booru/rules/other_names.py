"""The other names that wiki pages and artists have, in their normal form (behaviour D.7)."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from booru.rules.text import normalize_whitespace

if TYPE_CHECKING:
    from collections.abc import Iterable

_SPACES = re.compile(r"\s+")


def normalize_other_name(name: str) -> str:
    """NFKC, with `_` between its words."""
    plain = normalize_whitespace(unicodedata.normalize("NFKC", name)).strip()
    return _SPACES.sub("_", plain)


def normalize_other_names(names: Iterable[str], *, own_name: str = "") -> list[str]:
    """Each once, in the order given, without empty ones and without the name that the record has anyway."""
    normal = dict.fromkeys(map(normalize_other_name, names))
    return [name for name in normal if name and name != own_name]
