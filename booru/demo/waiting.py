"""Waits for something to become true, while looking after the servers."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from booru.demo.errors import StepFailed

T = TypeVar("T")


def wait_for(
    look: Callable[[], T | None], check: Callable[[], object], *, seconds: float, missing: str
) -> tuple[T, float]:
    """What `look` finds, and after how many seconds.

    Raises StepFailed when that takes too long, or what `check` raises, which is called in between.
    """
    start = time.monotonic()
    while True:
        check()
        found = look()
        elapsed = time.monotonic() - start
        if found is not None:
            return found, elapsed
        if elapsed > seconds:
            raise StepFailed(f"{missing} within {seconds:.0f} s")
        time.sleep(0.05)
