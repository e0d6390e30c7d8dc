"""Tags as words of a saved search or a blacklist, and how they get another name (behaviour B.4)."""

from __future__ import annotations

import re

# So many parentheses may close behind a tag.
MOST_CLOSED = 50


def rename_word(text: str, old: str, new: str) -> str:
    """The text with the tag `old`, wherever it is a whole word, called `new`; what stands around it stays."""
    word = re.compile(rf"(?<!\S)([-~(]*){re.escape(old)}(\){{0,{MOST_CLOSED}}})(?!\S)", re.IGNORECASE)
    return word.sub(lambda match: f"{match[1]}{new}{match[2]}", text)
