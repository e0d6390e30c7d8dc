"""Jobs of bulk update requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.engine.base import Job

if TYPE_CHECKING:
    from booru.models import BulkUpdateRequest


class ProcessBulkUpdateRequestJob(Job):
    """Apply a bulk update request after it is approved."""

    queue_name = "bulk_update"

    def perform(self, bulk_update_request: BulkUpdateRequest) -> None:
        bulk_update_request.process()
