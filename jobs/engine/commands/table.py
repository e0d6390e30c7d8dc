"""Tables in a terminal."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence


def table(header: Sequence[str], rows: Iterable[Sequence[str]], right: Collection[str] = ()) -> str:
    """Columns as wide as their widest cell; those named in `right` hold numbers, and end together."""
    lines = [list(header), *([one_line(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    sides = [str.rjust if name in right else str.ljust for name in header]
    return "\n".join(
        "  ".join(side(cell, width) for side, cell, width in zip(sides, line, widths, strict=True)).rstrip()
        for line in lines
    )


def one_line(text: str) -> str:
    """Without line breaks, and without what a terminal would take for a command."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
