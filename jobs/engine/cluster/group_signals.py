"""Signals to a whole group of processes, and the death of a parent."""

from __future__ import annotations

import ctypes
import os
import signal
from types import FrameType

from jobs.engine.faults.engine_log import pool_logger as logger


def signals_are_the_masters() -> None:
    """Let this process and its children not end by a signal to the whole group: the master stops them.

    So SIGTERM to each of them, as systemd sends by default, is a stop like any other. Programs and processes
    that a job starts are ended by it as ever.
    """
    sentinel = os.getpid()

    def set_up_child() -> None:
        die_with_parent()
        if os.getppid() != sentinel:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)

    signal.signal(signal.SIGTERM, _leave_it_to_the_master)
    os.register_at_fork(after_in_child=set_up_child)


def _leave_it_to_the_master(_signal: int, _frame: FrameType | None) -> None:
    # Not SIG_IGN, which programs that a job starts would inherit.
    return


def die_with_parent() -> None:
    """Let the kernel kill this process when its parent dies (Linux only)."""
    pr_set_pdeathsig = 1
    try:
        ctypes.CDLL(None, use_errno=True).prctl(pr_set_pdeathsig, signal.SIGKILL)
    except (OSError, AttributeError):
        logger.debug("No parent death signal on this platform")
