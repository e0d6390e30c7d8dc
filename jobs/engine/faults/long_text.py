"""Text of any length in short: the beginning and the end."""

from __future__ import annotations

from collections.abc import Iterable


def cut(pieces: Iterable[str], limit: int) -> str:
    """The pieces in one, as PostgreSQL can hold it; of what is too long the beginning and the end."""
    half = limit // 2
    head, tail, length = "", "", 0
    for piece in pieces:
        length += len(piece)
        room = half - len(head)
        head += piece[:room]
        tail = (tail + piece[room:][-half:])[-half:]
    left_out = length - len(head) - len(tail)
    note = f"\n[… {left_out:,} of {length:,} letters are cut here …]\n" if left_out else ""
    return _clean(head + note + tail)


def _clean(text: str) -> str:
    return text.replace("\0", "\\0").encode(errors="backslashreplace").decode()
