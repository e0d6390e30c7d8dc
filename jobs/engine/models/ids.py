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


def uuid7s(count: int) -> list[uuid.UUID]:
    """Many new ids, in order, for less than the price of each."""
    global _last  # noqa: PLW0603
    uuid7()
    with _lock:
        milliseconds, counter = _last
        _last = (milliseconds, counter + count)
    base = milliseconds << 80 | 0x7 << 76 | 0b10 << 62
    noise = os.urandom(4 * count)
    return [
        uuid.UUID(
            int=base
            | (number >> 30 & 0xFFF) << 64
            | (number & 0x3FFFFFFF) << 32
            | int.from_bytes(noise[4 * n : 4 * n + 4])
        )
        for n, number in enumerate(range(counter + 1, counter + count + 1))
    ]
