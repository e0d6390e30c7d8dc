"""What a pool may be called (behaviour D.7)."""

from __future__ import annotations

import re
import unicodedata

from booru.rules.text import is_invisible, normalize_whitespace

_MIN_LENGTH = 3
_MAX_LENGTH = 170
# Words that mean something else in `pool:<name>`.
_RESERVED = ("none", "any", "series", "collection")


def normalize_pool_name(name: str) -> str:
    """NFC, with single `_` between its words and none around it."""
    plain = normalize_whitespace(unicodedata.normalize("NFC", name))
    return re.sub(r"[\s_]+", "_", plain).strip("_")


def pool_name_errors(name: str) -> list[str]:
    """What is wrong with a name in its normal form."""
    if is_invisible(name):
        return ["can't be blank"]
    rules = [
        (len(name) < _MIN_LENGTH, f"is too short (minimum is {_MIN_LENGTH} characters)"),
        (len(name) > _MAX_LENGTH, f"is too long (maximum is {_MAX_LENGTH} characters)"),
        (name.lower() in _RESERVED, f"cannot be any of the following names: {', '.join(_RESERVED)}"),
        ("," in name, "cannot contain commas"),
        ("*" in name, "cannot contain asterisks"),
        (not name.isprintable(), "cannot contain non-printable characters"),
        (name.isdigit(), "cannot contain only digits"),
    ]
    return [message for broken, message in rules if broken]
