"""A fork that a job makes and that comes back from the job is no second worker."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def only_in_this_process(action: Callable[[], T]) -> T:
    """Call it; a child process that was forked meanwhile and comes back, or raises, ends here.

    It has the connections, locks and place of its parent, and would work on beside it with them.
    """
    pid, status = os.getpid(), 1
    try:
        result = action()
        status = 0
    finally:
        if os.getpid() != pid:
            os._exit(status)
    return result
