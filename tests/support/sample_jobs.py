"""Jobs for the engine's own tests; the workers of the tests import them too."""

import ctypes
import os
import signal
import time
from asyncio import CancelledError
from datetime import timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.db import connection, transaction

from jobs.engine.base import Job, current_job
from jobs.engine.context import current_context
from jobs.engine.errors import Postponed
from jobs.engine.models import JobBatch
from jobs.engine.retry import Retry, fixed
from jobs.engine.time_limit import without_limit

calls: list[Any] = []


class RecordJob(Job):
    """Remembers what it was given."""

    def perform(self, *args: Any, **kwargs: Any) -> None:
        calls.append((args, kwargs))


class OtherJob(RecordJob):
    queue_name = "other"
    priority = 5


class SessionJob(Job):
    def perform(self, session: Session) -> None:
        calls.append(session.session_key)


class ContextJob(Job):
    """Remembers who asked for it, and enqueues a child."""

    def perform(self, *, children: int = 0) -> None:
        calls.append((current_context(), current_job(), self.job))
        if children:
            ContextJob.enqueue(children=children - 1)


class FailingJob(Job):
    def perform(self, message: str = "it is broken") -> None:
        raise ValueError(message.replace("<NUL>", "\0").replace("<HALF>", "\ud800"))


class ExitingJob(Job):
    def perform(self) -> None:
        raise SystemExit(3)


class FlakyJob(Job):
    """Fails until its last attempt."""

    retry = Retry(on=(ConnectionError,), attempts=3, wait=lambda attempt: 0)

    def perform(self, succeed_at: int = 3) -> None:
        assert self.job
        if self.job.attempts < succeed_at:
            raise ConnectionError(f"attempt {self.job.attempts}")


class PatientJob(FlakyJob):
    retry = Retry(on=(ConnectionError,), attempts=3, wait=lambda attempt: 60 * attempt)


class EndlessJob(Job):
    SECONDS = 300
    timeout = timedelta(seconds=0.2)

    def perform(self) -> None:
        time.sleep(self.SECONDS)


class PostponingJob(Job):
    """Cannot do its work as often as it is told, and fails once after that."""

    retry = Retry(on=(ValueError,), attempts=2, wait=fixed(1))

    def perform(self, times: int) -> None:
        assert self.job
        calls.append(self.job.attempts)
        if len(calls) <= times:
            raise Postponed("not the time for it", timedelta(hours=1))
        if len(calls) == times + 1:
            raise ValueError("once")


class UnboundedJob(Job):
    """Is over its limit in a block without one, and then goes on for ever."""

    timeout = timedelta(seconds=0.3)

    def perform(self) -> None:
        with without_limit():
            time.sleep(0.6)
            calls.append("whole")
        time.sleep(30)


class LastingJob(EndlessJob):
    timeout = None


def double(number: int) -> int:
    return number * 2


def note(task: Any) -> None:
    """A django-q2 hook."""
    calls.append((task.result, task.success))


class NoteJob(Job):
    """Writes a line when it starts and one when it has finished, into the file CHAOS_JOURNAL."""

    def perform(self, label: str = "note", seconds: float = 0) -> None:
        self.note(label, "started")
        self.do(seconds)
        self.note(label, "finished")

    def do(self, seconds: float) -> None:
        time.sleep(seconds)

    def note(self, label: str, what: str) -> None:
        assert self.job
        # Such a write is one piece, whoever else writes and whoever is killed.
        file = os.open(os.environ["CHAOS_JOURNAL"], os.O_WRONLY | os.O_APPEND)
        os.write(file, f"{self.job.pk} {label} {what}\n".encode())
        os.close(file)


class DeadlyNoteJob(NoteJob):
    """Kills its own worker, each time."""

    def do(self, seconds: float) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


class KeyedNoteJob(NoteJob):
    """One at a time of each word that its label begins with."""

    @classmethod
    def lock_keys(cls, label: str = "", seconds: float = 0) -> list[str]:
        return [label.partition("-")[0]]


class UniqueNoteJob(NoteJob):
    @classmethod
    def unique_key(cls, label: str = "", seconds: float = 0) -> str:
        return label


class BulkNoteJob(NoteJob):
    queue_name = "bulk_update"


class DeafNoteJob(NoteJob):
    """Does not hear that its time is over."""

    timeout = timedelta(seconds=0.5)

    def do(self, seconds: float) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
        time.sleep(seconds)


class LockedUpNoteJob(NoteJob):
    """Waits for ever, outside Python, where no exception can reach it."""

    timeout = timedelta(seconds=0.5)

    def do(self, seconds: float) -> None:
        library, mutex = ctypes.CDLL(None), ctypes.create_string_buffer(64)
        library.pthread_mutex_lock(mutex)
        library.pthread_mutex_lock(mutex)


class QueryNoteJob(NoteJob):
    """Waits for the database past its time."""

    timeout = timedelta(seconds=0.5)

    def do(self, seconds: float) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(%s)", [seconds])


class GreedyNoteJob(NoteJob):
    """Takes that many MiB of memory and never gives them back."""

    def do(self, seconds: float) -> None:
        calls.append(b"x" * int(seconds * 1024 * 1024))


class BatchNoteJob(NoteJob):
    """What follows when a batch has finished."""

    def perform(self, batch: JobBatch) -> None:  # type: ignore[override]
        super().perform(f"batch-{batch.description}")


class SecondTimeNoteJob(NoteJob):
    """Fails the first time."""

    retry = Retry(on=(ConnectionError,), attempts=3, wait=lambda attempt: 0.2)

    def do(self, seconds: float) -> None:
        assert self.job
        if self.job.attempts == 1:
            raise ConnectionError("the first time")


class BrokenNoteJob(NoteJob):
    def do(self, seconds: float) -> None:
        raise ValueError("it is broken")


class OpenTransactionNoteJob(NoteJob):
    """Leaves a transaction open, in one of three ways."""

    def do(self, seconds: float) -> None:
        match seconds:
            case 1:
                connection.set_autocommit(False)
            case 2:
                transaction.atomic().__enter__()
        with connection.cursor() as cursor:
            cursor.execute("BEGIN" if seconds == 0 else "SELECT 1")


class BrokenError(Exception):
    def __str__(self) -> str:
        raise ValueError("nor can it be shown")


class MisruledNoteJob(NoteJob):
    """What it says about its errors makes no sense, and neither do they."""

    retry = Retry(on=(BrokenError,), attempts=5, wait=lambda attempt: float("nan"))

    def do(self, seconds: float) -> None:
        raise BrokenError


class CancelledNoteJob(NoteJob):
    """Is ended by an error that is no Exception."""

    def do(self, seconds: float) -> None:
        raise CancelledError
