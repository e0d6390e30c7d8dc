"""Who claims, and which jobs it may take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Worker:
    """The process that claims: its cluster and its pid."""

    cluster_id: UUID
    pid: int

    def __str__(self) -> str:
        return f"{self.cluster_id}:{self.pid}"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which jobs a worker may take."""

    queue_name: str | None = None  # None for every queue
    closed_queues: tuple[str, ...] = ()
    min_priority: int | None = None
    max_priority: int | None = None

    def params(self) -> dict[str, Any]:
        """For the statements that find lanes."""
        return {
            "queue": self.queue_name,
            "closed": list(self.closed_queues),
            "min_priority": self.min_priority,
            "max_priority": self.max_priority,
        }


EVERYTHING = Scope()
