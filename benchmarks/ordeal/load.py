"""The jobs of the soak: of all kinds, all the time, from a thread."""

from __future__ import annotations

import threading
import time
from collections import Counter
from datetime import timedelta
from random import Random
from uuid import UUID

from django.db import DatabaseError, InterfaceError, connection, transaction

from jobs.engine.batches import new_batch
from mailers.user_mailer import UserMailer
from tests.support.factories import UserFactory
from tests.support.sample_jobs import (
    BatchNoteJob,
    BrokenNoteJob,
    KeyedNoteJob,
    NoteJob,
    SecondTimeNoteJob,
    UniqueNoteJob,
)

# Jobs of a kind in a hundred.
KINDS = {
    "short": 58,
    "keyed": 12,
    "scheduled": 10,
    "failing": 5,
    "retried": 5,
    "unique": 5,
    "long": 2,
    "batch": 1,
    "email": 2,
}
JOBS_A_SECOND = 20
LOCK_KEYS = 3
BATCH = 5


class Load:
    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._number = 0
        self._reader = UserFactory(with_email=True)
        # What the database has confirmed.
        self.saved: list[UUID] = []
        self.emails: list[UUID] = []
        self.kinds: Counter[str] = Counter()
        # Those of which nobody knows whether they were saved, because the database was away.
        self.unconfirmed: Counter[str] = Counter()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        due = time.monotonic()
        try:
            while not self._stopped.is_set():
                self._number += 1
                self.enqueue(self._rng.choices(list(KINDS), list(KINDS.values()))[0])
                due = max(due + 1 / JOBS_A_SECOND, time.monotonic() - 1)
                time.sleep(max(0.0, due - time.monotonic()))
        finally:
            connection.close()

    def enqueue(self, kind: str) -> None:
        """One of a kind, or none while the database is away."""
        try:
            with transaction.atomic():
                saved = self._enqueue(kind, f"{self._number:06}")
        except (DatabaseError, InterfaceError):
            self.unconfirmed[kind] += 1
            connection.close()
            time.sleep(0.2)
            return
        self.kinds[kind] += 1
        if kind == "email":
            self.emails += saved
        else:
            self.saved += saved

    def _enqueue(self, kind: str, number: str) -> list[UUID]:  # noqa: PLR0911 -- one line a kind
        match kind:
            case "keyed":
                return [KeyedNoteJob.enqueue(f"key{self._rng.randrange(LOCK_KEYS)}-{number}", 0.02).pk]
            case "scheduled":
                later = timedelta(seconds=self._rng.uniform(0.5, 10))
                return [NoteJob.using(run_after=later).enqueue(f"scheduled-{number}").pk]
            case "failing":
                return [BrokenNoteJob.enqueue(f"failing-{number}").pk]
            case "retried":
                return [SecondTimeNoteJob.enqueue(f"retried-{number}").pk]
            case "unique":
                return [UniqueNoteJob.enqueue(f"unique-{self._rng.randrange(3)}", 0.1).pk]
            case "long":
                return [NoteJob.enqueue(f"long-{number}", self._rng.uniform(0.5, 3)).pk]
            case "batch":
                with new_batch(number, on_finish=BatchNoteJob) as batch:
                    return NoteJob.using(batch=batch).enqueue_many([(f"of-{number}",)] * BATCH)
            case "email":
                return [UserMailer().welcome_user(self._reader).deliver_later().pk]
        return [NoteJob.enqueue(f"short-{number}").pk]
