"""Jobs that come all the time, most of them short and some of them long."""

import threading
import time
from types import TracebackType
from typing import Self
from uuid import UUID

from django.db import DatabaseError, InterfaceError, connection

from tests.support.sample_jobs import NoteJob


class Stream:
    """Enqueues from a thread of its own; after the block nothing more comes."""

    def __init__(self, every: float = 0.04, long_every: int = 25, long: float = 0.5) -> None:
        self._every, self._long_every, self._long = every, long_every, long
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run)
        # The jobs that the database has confirmed.
        self.saved: list[UUID] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        number = 0
        try:
            while not self._stopped.is_set():
                number += 1
                seconds = self._long if number % self._long_every == 0 else 0.0
                try:
                    self.saved.append(NoteJob.enqueue(f"stream-{number}", seconds).pk)
                except (DatabaseError, InterfaceError):
                    connection.close()
                    time.sleep(0.2)
                time.sleep(self._every)
        finally:
            connection.close()
