"""The job that is running here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jobs.engine.models import BackgroundJob

_current_job: ContextVar[BackgroundJob | None] = ContextVar("current_job", default=None)


def current_job() -> BackgroundJob | None:
    """The job that is running here, or None."""
    return _current_job.get()


@contextmanager
def use_job(job: BackgroundJob | None) -> Iterator[None]:
    """Make this the running job inside the block."""
    token = _current_job.set(job)
    try:
        yield
    finally:
        _current_job.reset(token)
