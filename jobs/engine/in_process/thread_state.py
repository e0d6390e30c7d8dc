"""After each job its thread is as before; what the whole process shares is not taken back here."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

from jobs.engine.faults.engine_log import logger
from jobs.engine.worker import clean_slate


@contextmanager
def as_before() -> Iterator[None]:
    """Take back what is done in the block to this thread and its sessions.

    Before the record of a job is written, which would otherwise suffer from it, too.
    """
    trace, profile, mask = sys.gettrace(), sys.getprofile(), signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        yield
    finally:
        sys.settrace(trace)
        sys.setprofile(profile)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        _restore_sessions()


def _restore_sessions() -> None:
    try:
        clean_slate.restore_connections()
    except Exception:
        logger.exception("What a job did to its session cannot be taken back: another takes its place")
        connections.close_all()
