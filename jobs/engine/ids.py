"""Identifiers that sort by time (UUID version 7)."""

import os
import threading
import time
import uuid

_lock = threading.Lock()
_last = (0, 0)


def uuid7() -> uuid.UUID:
    """A new id; later ids of one process are always greater."""
    global _last  # noqa: PLW0603
    milliseconds = time.time_ns() // 1_000_000
    with _lock:
        last_milliseconds, last_counter = _last
        if milliseconds > last_milliseconds:
            counter = int.from_bytes(os.urandom(5)) >> 1
        else:
            milliseconds, counter = last_milliseconds, last_counter + 1
        _last = (milliseconds, counter)
    # 48 bits time, 4 version, 12 + 30 counter, 2 variant, 32 random.
    high, low = counter >> 30 & 0xFFF, counter & 0x3FFFFFFF
    value = milliseconds << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low << 32
    return uuid.UUID(int=value | int.from_bytes(os.urandom(4)))


os.register_at_fork(after_in_child=lambda: globals().update(_lock=threading.Lock(), _last=(0, 0)))
