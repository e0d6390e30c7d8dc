"""Jobs for the engine's own tests; the workers of the tests import them too."""

import os
import signal
import time
from datetime import timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.db import connection

from jobs.engine.base import Job, current_job
from jobs.engine.context import current_context
from jobs.engine.retry import Retry

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
    timeout = timedelta(seconds=0.2)

    def perform(self) -> None:
        time.sleep(30)


class LogJob(Job):
    """Writes a row when it starts and one when it has finished; the table is made by the test."""

    def perform(self, n: int, seconds: float = 0) -> None:
        log(n, "started")
        time.sleep(seconds)
        log(n, "finished")


class DeadlyJob(Job):
    """Kills its own worker, each time."""

    def perform(self, n: int) -> None:
        log(n, "started")
        os.kill(os.getpid(), signal.SIGKILL)


def log(n: int, what: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO chaos_log VALUES (%s, %s)", [n, what])


def double(number: int) -> int:
    return number * 2


def note(task: Any) -> None:
    """A django-q2 hook."""
    calls.append((task.result, task.success))
