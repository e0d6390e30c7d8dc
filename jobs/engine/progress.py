"""How far a job is, told while it runs; and stopping it where it is safe."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg
from django.db import Error, connection, transaction

from jobs.engine.connections.another import connect
from jobs.engine.context import current_job
from jobs.engine.errors import JobCanceled, JobLost
from jobs.engine.faults.long_text import cut
from jobs.engine.sql import statement

if TYPE_CHECKING:
    from jobs.engine.models import BackgroundJob

# Seconds between two writes, or two looks for a request to stop.
INTERVAL = 0.5
# Letters of the line of text, and the numbers that a bigint is too small for.
_TEXT, _MOST = 1000, 2**63

_SAVE = statement("progress", "save")
_LOOK = statement("progress", "look")
_COMMIT_WITHOUT_WAITING = statement("connections", "commit_without_waiting")


@dataclass(frozen=True, slots=True)
class Progress:
    """What a job says about itself."""

    done: int
    total: int | None
    text: str


class Reporter:
    """Writes the progress of one run, at most every INTERVAL seconds, over a connection of its own.

    So it is seen at once, whether the job has a transaction open or not. What comes in between is written
    when the interval is over, by a timer: the last word of a burst is not lost.
    """

    def __init__(self, job: BackgroundJob) -> None:
        self._job = job
        # A job that is run inside its caller's transaction: nobody else can see its row anyway.
        self._in_transaction = job.began_in_transaction
        self._connection: psycopg.Connection[Any] | None = None
        self._lock = threading.Lock()
        self._pending: Progress | None = None
        self._timer: threading.Timer | None = None
        self._asked_at = float("-inf")
        self._stop: Exception | None = None

    def report(self, progress: Progress) -> None:
        with self._lock:
            self._pending = progress
            if time.monotonic() - self._asked_at >= INTERVAL:
                self._write()
            elif self._timer is None and not self._in_transaction:
                self._timer = threading.Timer(INTERVAL, self._write_later)
                self._timer.daemon = True
                self._timer.start()
        self._raise_if_stopped()

    def check(self) -> None:
        with self._lock:
            if time.monotonic() - self._asked_at >= INTERVAL:
                self._write()
        self._raise_if_stopped()

    def close(self) -> None:
        """The run is over: write what is left, and let go of the connection."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            if self._pending is not None:
                self._write()
            if self._connection is not None:
                self._connection.close()

    def _write_later(self) -> None:
        with self._lock:
            self._timer = None
            if self._pending is not None:
                self._write()

    def _write(self) -> None:
        self._asked_at = time.monotonic()
        params: dict[str, Any] = {"id": self._job.pk}
        if (progress := self._pending) is not None:
            params |= {"done": progress.done, "total": progress.total, "text": progress.text}
        sql = _LOOK if progress is None else _SAVE
        try:
            row = self._fetch(sql, params)
        except (psycopg.Error, Error):
            self._connection = None  # the database is away, or the transaction broken: progress can wait
            return
        self._pending = None
        if row is None or row[1:] != (self._job.attempts, self._job.claimed_by):
            self._stop = JobLost("another worker has taken the job over, or it was deleted")
        elif row[0]:
            self._stop = JobCanceled("Canceled")

    def _fetch(self, sql: str, params: dict[str, Any]) -> tuple[Any, ...] | None:
        if self._in_transaction:
            # An error takes back this statement alone, and not what the caller does.
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql, params)
                found: tuple[Any, ...] | None = cursor.fetchone()
                return found
        if self._connection is None or self._connection.closed:
            self._connection = connect()
        # In one message, and with it over: behind a pool the session may be another's next time.
        answer = self._connection.execute(f"{_COMMIT_WITHOUT_WAITING}; {sql}".encode(), params)
        answer.nextset()
        row: tuple[Any, ...] | None = answer.fetchone()
        return row

    def _raise_if_stopped(self) -> None:
        if self._stop is not None:
            raise self._stop


def report(done: int, total: int | None, text: str) -> None:
    """See Job.report."""
    if reporter := _reporter():
        shown = cut([str(text)[: 2 * _TEXT].replace("\0", "")], _TEXT)
        reporter.report(
            Progress(_count("done", done), None if total is None else _count("total", total), shown)
        )


def _count(name: str, value: int) -> int:
    """As the database can hold it. Raises ValueError."""
    number = int(value)
    if abs(number) >= _MOST:
        raise ValueError(f"{name} is too large; progress is counted up to 2⁶³")
    return number


def check() -> None:
    """See Job.check."""
    if reporter := _reporter():
        reporter.check()


def _reporter() -> Reporter | None:
    job = current_job()
    if job is None:
        return None
    if job.reporter is None:
        job.reporter = Reporter(job)
    return job.reporter
