"""Tells the story on the terminal, with colour where it is one."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_BOLD, _DIM, _RED, _GREEN = "1", "2", "31", "32"


class Terminal:
    def __init__(self) -> None:
        self._is_colourful = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        self._has_symbols = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"

    def title(self, text: str) -> None:
        self._print(f"\n{self._in(_BOLD, text)}")

    def seen(self, text: str) -> None:
        """Something that was seen to work."""
        self._print(f"  {self._in(_GREEN, '✓' if self._has_symbols else 'ok')} {text}")

    def missing(self, text: str) -> None:
        """Something that did not."""
        self._print(f"  {self._in(_RED, '✗' if self._has_symbols else 'MISSING')} {text}")

    def detail(self, text: str = "") -> None:
        self._print(f"      {self._in(_DIM, text)}" if text else "")

    def pairs(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Names and values, in two columns."""
        pairs = list(pairs)
        width = max((len(name) for name, _ in pairs), default=0)
        for name, value in pairs:
            self._print(f"      {self._in(_DIM, name.ljust(width))}  {value}")

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """The first row is the head."""
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for number, row in enumerate(rows):
            line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            self._print(f"      {line if number else self._in(_DIM, line)}")

    def _in(self, style: str, text: str) -> str:
        return f"\033[{style}m{text}\033[0m" if self._is_colourful else text

    def _print(self, text: str) -> None:
        encoding = sys.stdout.encoding or "utf-8"
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding) + "\n")
        sys.stdout.flush()
