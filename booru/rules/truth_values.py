"""Yes and no, in the words that people and programs use for them."""

from __future__ import annotations

_TRUTHY = frozenset({"true", "t", "yes", "y", "on", "1"})
_FALSY = frozenset({"false", "f", "no", "n", "off", "0"})


def truth_value(text: str) -> bool | None:
    """What a truth value in a request means; None when it is neither."""
    word = text.strip().lower()
    if word in _TRUTHY:
        return True
    return False if word in _FALSY else None
