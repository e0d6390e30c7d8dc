"""The queue between the pusher and the workers: nothing but "there is work" and "stop" goes through it."""

from __future__ import annotations

import os
import select
import time
from queue import Full
from typing import Any

_WORK, _STOP = b"W", b"S"
STOP = "STOP"  # django-q2's word
# Seconds between looks whether a ticket was taken, when nobody says so.
_LOOK_EVERY = 0.25


class TicketQueue:
    """A pipe of single bytes, in place of multiprocessing's queue.

    The kernel gives each byte to exactly one reader and needs no lock for it. So a process that is killed at
    any moment takes at most one ticket along, and a ticket is worth nothing: the pusher makes another.
    """

    def __init__(self, task: dict[str, Any]) -> None:
        self._task = task
        self._tickets_out, self._tickets_in = os.pipe()
        self._taken_out, self._taken_in = os.pipe()
        for end in (self._tickets_in, self._taken_in, self._taken_out):
            os.set_blocking(end, False)

    def put(self, item: object, block: bool = True) -> None:
        """Put a ticket when the one before was taken; STOP at once. Raises Full when it must not wait."""
        if item == STOP:
            self._write(self._tickets_in, _STOP)
            return
        while not self.empty():
            if not block:
                raise Full
            select.select([self._taken_out], [], [], _LOOK_EVERY)
            self._drain()
        self._write(self._tickets_in, _WORK)

    def get(self) -> dict[str, Any] | str:
        """Wait for a ticket: a task for django-q2's worker, or STOP."""
        byte = os.read(self._tickets_out, 1)
        if byte == _STOP:
            return STOP
        self._write(self._taken_in, _WORK)
        return dict(self._task)

    def empty(self) -> bool:
        return not select.select([self._tickets_out], [], [], 0)[0]

    def qsize(self) -> int:
        return 0 if self.empty() else 1

    def close(self) -> None:
        """Nothing to do: the kernel closes a pipe with its last process."""

    join_thread = cancel_join_thread = close

    @staticmethod
    def _write(end: int, byte: bytes) -> None:
        try:
            os.write(end, byte)
        except BlockingIOError:
            time.sleep(0)  # full: there is more than enough to read

    def _drain(self) -> None:
        try:
            os.read(self._taken_out, 4096)
        except BlockingIOError:
            return
