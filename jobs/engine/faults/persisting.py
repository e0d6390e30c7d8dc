"""Writing down what has happened already: again and again while the database is away."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, connection

from jobs.engine.faults import outages
from jobs.engine.faults.unanswered import cut_off_when_silent, end_what_was_left_behind

# Seconds between two tries, at first and at most.
_FIRST, _MOST = 1.0, 5.0
# Seconds that somebody tries who is no worker, such as a script that performs its jobs itself.
_PATIENCE = 120.0

T = TypeVar("T")

_worker = threading.local()


def be_patient() -> None:
    """This thread is a worker's: it tries for as long as it lives.

    While nobody can write, nobody can take its job; when somebody did, its own record changes nothing.
    """
    _worker.is_patient = True


def persist(what: str, write: Callable[[], T]) -> T:
    """Write to the database, and again until it is done. `what` is for the log: "record a job".

    In a transaction of the caller's the error is raised, because nothing can be written there any longer; so
    is one of the values themselves, which no second try makes better.
    """
    pause, until = _FIRST, time.monotonic() + _PATIENCE
    while True:
        try:
            with cut_off_when_silent():
                end_what_was_left_behind()
                written = write()
        except (DataError, IntegrityError):
            raise
        except (DatabaseError, InterfaceError) as error:
            is_patient = getattr(_worker, "is_patient", False)
            if connection.in_atomic_block or not (is_patient or time.monotonic() < until):
                raise
            outages.tell(what, error)
            connection.close()
            time.sleep(pause)
            pause = min(pause * 1.5, _MOST)
        else:
            outages.over()
            return written
