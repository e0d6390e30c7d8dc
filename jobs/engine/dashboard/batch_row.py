"""A batch with the figures of its jobs."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from jobs.engine.batches import callbacks_of
from jobs.engine.insight import excerpts
from jobs.engine.insight.argument_words import describe_arguments
from jobs.engine.models import JobBatch
from jobs.engine.models.names import words

# Letters of the properties that are shown.
_LENGTH = 2_000


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch, and of its jobs, also of those that are deleted: how many there are, are done, and failed."""

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
        return [(words(callback["job_class"]), when) for when, callback in callbacks_of(self.batch).items()]

    @property
    def properties(self) -> str:
        text = json.dumps(self.batch.properties)
        if len(text) <= _LENGTH and not excerpts.is_deep(self.batch.properties):
            with suppress(Exception):  # whatever somebody wrote into the row
                return describe_arguments(self.batch.properties)
        return f"{text[:_LENGTH]}…" if len(text) > _LENGTH else text

    @property
    def _properties_for_programs(self) -> Any:
        """As they are; as the beginning of a text when they are long."""
        text = json.dumps(self.batch.properties)
        is_short = len(text) <= _LENGTH and not excerpts.is_deep(self.batch.properties)
        return self.batch.properties if is_short else text[:_LENGTH]

    def record(self) -> dict[str, object]:
        """For programs."""
        return {
            "id": str(self.batch.pk),
            "description": self.batch.description,
            "state": self.state,
            "total": self.total,
            "done": self.done,
            "failed": self.failed,
            "callbacks": callbacks_of(self.batch),
            "properties": self._properties_for_programs,
            "created_at": self.batch.enqueued_at,
            "sealed_at": self.batch.sealed_at,
            "finished_at": self.batch.finished_at,
        }
