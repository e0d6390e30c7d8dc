"""Jobs for the tests of the modes and of the test helpers."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError

from jobs.engine.base import Job
from jobs.engine.models import JobBatch
from jobs.engine.retry import Retry
from tests.support.sample_jobs import calls


class GreetJob(Job):
    """Has arguments with names and a default."""

    def perform(self, name: str, *, loud: bool = False) -> None:
        calls.append((name, loud))


class ParentJob(Job):
    """Enqueues the job after it, and that is one it must wait for."""

    @classmethod
    def lock_keys(cls, n: int) -> Sequence[str]:  # type: ignore[override]
        return ["family"]

    def perform(self, n: int) -> None:
        calls.append(f"{n} begins")
        if n:
            ParentJob.enqueue(n - 1)
        calls.append(f"{n} ends")


class NestingJob(Job):
    def perform(self, n: int) -> None:
        calls.append(f"{n} begins")
        if n:
            NestingJob.enqueue(n - 1)
        calls.append(f"{n} ends")


class HookJob(Job):
    """Fails, and remembers that it was told."""

    discard_on = (LookupError,)

    def perform(self, what: str) -> None:
        raise {"value": ValueError, "key": KeyError}[what](what)

    def on_discard(self, error: str, what: str) -> None:  # type: ignore[override]
        calls.append((error.split(":", maxsplit=1)[0], what))


class DuplicateJob(Job):
    """Saves a row, then one that the database refuses; `careless` swallows the error."""

    retry = Retry(on=(IntegrityError,), attempts=1)

    def perform(self, *, careless: bool = False) -> None:
        ContentType.objects.create(app_label="modes", model="first")
        try:
            ContentType.objects.create(app_label="modes", model="first")
        except IntegrityError:
            if not careless:
                raise


class BatchDoneJob(Job):
    def perform(self, batch: JobBatch) -> None:
        calls.append(f"{batch} is done")


class ThreadNameJob(Job):
    def perform(self) -> None:
        calls.append(threading.current_thread().name)


class WaitingJob(Job):
    """Waits until the test lets it end."""

    started, may_end = threading.Event(), threading.Event()

    def perform(self) -> None:
        self.started.set()
        self.may_end.wait(300)
        calls.append("ended")


def plain(*args: Any) -> None:
    calls.append(args)
