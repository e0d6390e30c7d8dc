"""Jobs of bulk update requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.engine.arguments import encode_arguments
from jobs.engine.base import Job
from jobs.engine.models import BackgroundJob

if TYPE_CHECKING:
    from booru.models import BulkUpdateRequest


class ProcessBulkUpdateRequestJob(Job):
    """Apply a bulk update request after it is approved."""

    queue_name = "bulk_update"

    def perform(self, bulk_update_request: BulkUpdateRequest) -> None:
        bulk_update_request.process()

    def on_discard(self, error: str, bulk_update_request: BulkUpdateRequest) -> None:  # noqa: ARG002
        bulk_update_request.job_was_discarded()

    @classmethod
    def is_unfinished_for(cls, bulk_update_request: BulkUpdateRequest) -> bool:
        """Does it wait or run for this request?"""
        same = BackgroundJob.objects.filter(
            job_class=cls.path(), arguments=encode_arguments((bulk_update_request,), {})
        )
        return same.unfinished().exists()
