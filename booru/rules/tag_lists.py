"""Lists of tags in users' settings: how they are saved, and how long they may be (behaviour I.1)."""

from __future__ import annotations


def trimmed_lines(text: str) -> str:
    """Nothing around its lines, nor around the whole."""
    return "\n".join(line.strip() for line in text.splitlines()).strip()


def size_errors(text: str, *, characters: int, words: int, lines: int | None = None) -> list[str]:
    """Which of these limits the text is beyond."""
    rules = [
        (len(text) > characters, f"is too long (maximum is {characters} characters)"),
        (lines is not None and len(text.splitlines()) > lines, f"can't have more than {lines} lines"),
        (len(text.split()) > words, f"can't have more than {words} words"),
    ]
    return [message for broken, message in rules if broken]


def favorite_tags_errors(text: str) -> list[str]:
    return size_errors(text, characters=10_000, words=1000)
