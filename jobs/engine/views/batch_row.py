"""A batch with the figures of its jobs."""

from __future__ import annotations

from dataclasses import dataclass

from jobs.engine.arguments import describe_arguments
from jobs.engine.models import JobBatch
from jobs.engine.names import words


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch, and of its jobs that are still kept: how many there are, are done, and failed."""

    batch: JobBatch
    total: int
    done: int
    failed: int

    @property
    def state(self) -> str:
        """ "open" while jobs are being added, "running", "succeeded", or "discarded" if a job failed."""
        if self.batch.finished_at:
            return "discarded" if self.failed else "succeeded"
        return "running" if self.batch.sealed_at else "open"

    @property
    def percent(self) -> int | None:
        """Whole per cent of the jobs that are done; None when there are none."""
        return self.done * 100 // self.total if self.total else None

    @property
    def callbacks(self) -> list[tuple[str, str]]:
        """What is enqueued in the end: the name of the job, and on what."""
        return [(words(callback["job_class"]), when) for when, callback in self.batch.callbacks.items()]

    @property
    def properties(self) -> str:
        return describe_arguments(self.batch.properties)

    def record(self) -> dict[str, object]:
        """For programs."""
        return {
            "id": str(self.batch.pk),
            "description": self.batch.description,
            "state": self.state,
            "total": self.total,
            "done": self.done,
            "failed": self.failed,
            "callbacks": self.batch.callbacks,
            "properties": self.batch.properties,
            "created_at": self.batch.enqueued_at,
            "sealed_at": self.batch.sealed_at,
            "finished_at": self.batch.finished_at,
        }
