"""Jobs with keys, hooks and progress, for the engine's own tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jobs.engine.base import Job
from jobs.engine.batches import properties_of
from jobs.engine.errors import JobActionError
from jobs.engine.models import JobBatch
from tests.support.sample_jobs import calls


class LockedJob(Job):
    """One at a time for each key."""

    @classmethod
    def lock_keys(cls, n: int, key: str) -> Sequence[str]:  # type: ignore[override]
        return [key]

    def perform(self, n: int, key: str) -> None:
        calls.append(n)


class UniqueJob(Job):
    @classmethod
    def unique_key(cls, n: int) -> str | None:  # type: ignore[override]
        return f"unique:{n}"

    def perform(self, n: int) -> None:
        calls.append(n)


class HookedJob(Job):
    """Fails, and remembers that it was told."""

    discard_on = (LookupError,)

    def perform(self, what: str, *, count: int = 0) -> None:
        raise {"value": ValueError, "key": KeyError}[what](f"{what} is wrong")

    def on_discard(self, error: str, *args: Any, **kwargs: Any) -> None:
        calls.append((error, args, kwargs))


class RetriedJob(Job):
    """Fails; a retry gives it other lock keys, or is refused."""

    def perform(self, key: str) -> None:
        raise ValueError(key)

    def on_retry(self, key: str) -> None:
        calls.append(key)
        if key == "refused":
            raise JobActionError("not this one")
        assert self.job is not None
        self.job.lock_keys = [key, key]


class ReportingJob(Job):
    """Reports its progress, and stops where it is asked to."""

    def perform(self, steps: int) -> None:
        for step in range(steps):
            self.report(step, steps, f"step {step}")
            calls.append(step)
        self.check()


class TellJob(Job):
    """Told about a batch."""

    def perform(self, batch: JobBatch) -> None:
        calls.append((str(batch), properties_of(batch)))


class CheerJob(TellJob):
    """Told about a batch that went well."""


class MournJob(TellJob):
    """Told about a batch that did not."""
