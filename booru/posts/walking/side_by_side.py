"""Deals with two batches at a time: while the database writes one, Python works out the other."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Frontier:
    """Up to which post everything is done, when batches begin in order and end in any."""

    def __init__(self, after: int) -> None:
        self._last = after
        # By the last id of each batch that is being dealt with, the last id before it.
        self._before: dict[int, int] = {}
        self._lock = threading.Lock()

    def begin(self, last_id: int) -> None:
        with self._lock:
            self._before[last_id] = self._last
            self._last = last_id

    def with_done(self, last_id: int) -> int:
        """The last post before which nothing is left, once this batch is done."""
        with self._lock:
            others = [before for batch, before in self._before.items() if batch != last_id]
            return min(others, default=self._last)

    def end(self, last_id: int) -> None:
        with self._lock:
            del self._before[last_id]


def work_off(
    batches: Iterator[list[int]], edit_batch: Callable[[list[int]], int], *, in_threads: bool
) -> int:
    """Call `edit_batch` for each batch; returns the sum of its results.

    Where one call raises, no other batch is begun, and that exception is raised. With `in_threads` a second
    thread helps, over a connection of its own.
    """
    line = threading.Lock()
    is_over = threading.Event()

    def work() -> int:
        changed = 0
        try:
            while not is_over.is_set():
                with line:
                    ids = next(batches, None)
                if ids is None:
                    break
                changed += edit_batch(ids)
        except BaseException:
            is_over.set()
            raise
        return changed

    def help_out() -> int:
        try:
            return work()
        finally:
            connection.close()

    if not in_threads:
        return work()
    with ThreadPoolExecutor(1, thread_name_prefix="batches") as pool:
        helper = pool.submit(copy_context().run, help_out)
        changed = work()
        return changed + helper.result()
