"""Writing down what has happened already: again and again while the database is away."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import DatabaseError, InterfaceError, connection

logger = logging.getLogger("jobs")

# Seconds that a worker tries to record a result while the database is away.
PATIENCE = 120.0

T = TypeVar("T")


def persist(what: str, write: Callable[[], T]) -> T:
    """Write to the database, and again while it is away. `what` is for the log.

    A worker that cannot do so leaves the pool: its job then counts as lost and is given to another. In a
    transaction of the caller's the error is raised, because nothing can be written there any longer.
    """
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return write()
        except (DatabaseError, InterfaceError):
            if connection.in_atomic_block:
                raise
            if time.monotonic() > until:
                break
            logger.warning("Could not record %s yet", what, exc_info=True)
            connection.close()
            time.sleep(1)
    logger.critical("Could not record %s; this worker gives up", what)
    if threading.current_thread() is not threading.main_thread():
        sys.exit(1)  # ends the thread alone; the process serves the web
    os._exit(1)
