"""Users' blacklists: one rule a line, and posts with all of its tags are hidden (behaviour I.1)."""

from __future__ import annotations

MAX_LENGTH = 100_000
MAX_LINES = 5000
MAX_WORDS = 5000


def normalize_blacklist(text: str) -> str:
    """Nothing around its lines."""
    return "\n".join(line.strip() for line in text.splitlines()).strip()


def blacklist_errors(text: str) -> list[str]:
    """What is wrong with a blacklist in its normal form."""
    rules = [
        (len(text) > MAX_LENGTH, f"is too long (maximum is {MAX_LENGTH} characters)"),
        (len(text.splitlines()) > MAX_LINES, f"can't have more than {MAX_LINES} lines"),
        (len(text.split()) > MAX_WORDS, f"can't have more than {MAX_WORDS} words"),
    ]
    return [message for broken, message in rules if broken]
