"""A value that is refused, as the message names it: in short, whatever it is."""

from __future__ import annotations

from typing import Any

_LETTERS = 100


def shown(value: Any) -> str:
    """As Python writes it, or its type when it cannot say what it is."""
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001 -- whatever it does, the refusal is what the caller is told
        return f"a {type(value).__name__}"
    return text if len(text) <= _LETTERS else f"{text[:_LETTERS]}…"
