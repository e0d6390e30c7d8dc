"""Jobs that come by the thousand and fail, each of them mourned."""

import os
from uuid import UUID

from jobs.engine.retry import Retry, fixed
from tests.support.sample_jobs import BrokenNoteJob


class MournedNoteJob(BrokenNoteJob):
    """Fails twice; then its end is written into the journal."""

    retry = Retry(on=(ValueError,), attempts=2, wait=fixed(0.2))

    def on_discard(self, error: str, label: str, seconds: float = 0) -> None:
        file = os.open(os.environ["CHAOS_JOURNAL"], os.O_WRONLY | os.O_APPEND)
        os.write(file, f"{UUID(int=0)} {label} mourned\n".encode())
        os.close(file)
