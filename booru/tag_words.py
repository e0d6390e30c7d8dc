"""Tags as words of a saved search or a blacklist, and how they get another name (behaviour B.4)."""

from __future__ import annotations

import re

# What may stand before a tag there.
PREFIXES = ("", "-", "~")


def rename_word(text: str, old: str, new: str) -> str:
    """The text with the tag `old`, wherever it is a whole word, called `new`; a prefix stays."""
    word = re.compile(rf"(?<!\S)([-~]?){re.escape(old)}(?!\S)", re.IGNORECASE)
    return word.sub(lambda match: f"{match[1]}{new}", text)
