"""How much memory processes of this machine use."""

from __future__ import annotations

import time
from collections.abc import Iterable

import psutil

# Seconds that a figure is good for.
_FRESH_FOR = 5.0

_figures: dict[str, int] = {}
_taken_at = float("-inf")


def memory_of(pids: Iterable[int | None]) -> dict[str, int]:
    """The resident memory of each process in KiB, by pid; looked up every few seconds."""
    global _figures, _taken_at  # noqa: PLW0603
    if time.monotonic() - _taken_at > _FRESH_FOR:
        _figures = {str(pid): size for pid in pids if pid and (size := _rss(pid))}
        _taken_at = time.monotonic()
    return _figures


def _rss(pid: int) -> int:
    try:
        return int(psutil.Process(pid).memory_info().rss) // 1024
    except psutil.Error:
        return 0
