"""Text that others wrote, as the record of an email holds it."""

from __future__ import annotations

_LENGTH = 1000


def clean(text: str) -> str:
    """As PostgreSQL can hold it, and short: a provider may answer with a page."""
    return text.replace("\0", "\\0").encode(errors="backslashreplace").decode()[:_LENGTH]
