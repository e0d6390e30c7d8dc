"""Jobs of bulk update requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError

from jobs.engine.base import Job
from jobs.engine.enqueue.arguments import encode_arguments
from jobs.engine.enqueue.moved import all_paths
from jobs.engine.errors import JobActionError
from jobs.engine.models import BackgroundJob, BackgroundJobQuerySet
from jobs.engine.retry import Retry, exponential

if TYPE_CHECKING:
    from collections.abc import Sequence

    from booru.models import BulkUpdateRequest

# A deadlock, a lost connection, a database that starts anew: it passes.
TEMPORARY_ERRORS = (OperationalError, InterfaceError)


class BulkUpdateRequestJob(Job):
    """A job about a request: those of requests that must not run at once share a lock key."""

    queue_name = "bulk_update"
    retry = Retry(on=TEMPORARY_ERRORS, attempts=5, wait=exponential(seconds=2))

    @classmethod
    def lock_keys(cls, bulk_update_request: BulkUpdateRequest) -> Sequence[str]:
        return bulk_update_request.lock_keys()

    @classmethod
    def jobs_of(cls, bulk_update_request: BulkUpdateRequest) -> BackgroundJobQuerySet:
        """The jobs that were enqueued for this request, as far as they are kept."""
        arguments = encode_arguments((bulk_update_request,), {})
        return BackgroundJob.objects.filter(job_class__in=all_paths(cls.path()), arguments=arguments)

    @classmethod
    def unfinished_except(cls, bulk_update_request: BulkUpdateRequest) -> dict[int, list[str]]:
        """The ids of the other requests whose jobs wait or run, each with the lock keys of its jobs."""
        jobs = (ProcessBulkUpdateRequestJob, RevertBulkUpdateRequestJob)
        kinds = [path for job in jobs for path in all_paths(job.path())]
        keys: dict[int, list[str]] = {}
        for job in BackgroundJob.objects.unfinished().filter(job_class__in=kinds).order_by("id"):
            if (pk := _request_of(job)) is not None:
                keys.setdefault(pk, []).extend(job.lock_keys or [])
        keys.pop(bulk_update_request.pk, None)
        return keys


def _request_of(job: BackgroundJob) -> int | None:
    """The id of its request; None for a row that nobody of us has written."""
    match job.arguments:
        case {"args": [{"_model": "booru.bulkupdaterequest", "pk": int(pk)}, *_]}:
            return pk
    return None


class ProcessBulkUpdateRequestJob(BulkUpdateRequestJob):
    """Apply a bulk update request after it is approved."""

    def perform(self, bulk_update_request: BulkUpdateRequest) -> None:
        bulk_update_request.process()

    def on_discard(self, error: str, bulk_update_request: BulkUpdateRequest) -> None:
        bulk_update_request.job_was_discarded(error)

    def on_retry(self, bulk_update_request: BulkUpdateRequest) -> None:
        try:
            bulk_update_request.job_is_retried()
        except ValidationError as error:
            raise JobActionError("; ".join(error.messages)) from error
        if self.job is not None:
            self.job.lock_keys = list(bulk_update_request.lock_keys())


class RevertBulkUpdateRequestJob(BulkUpdateRequestJob):
    """Undo a bulk update request that was applied."""

    def perform(self, bulk_update_request: BulkUpdateRequest) -> None:
        bulk_update_request.revert.process()

    def on_discard(self, error: str, bulk_update_request: BulkUpdateRequest) -> None:
        if hasattr(bulk_update_request, "revert"):
            bulk_update_request.revert.job_was_discarded(error)

    def on_retry(self, bulk_update_request: BulkUpdateRequest) -> None:
        if not hasattr(bulk_update_request, "revert"):
            raise JobActionError(f"{bulk_update_request} was approved again since")
        try:
            bulk_update_request.revert.job_is_retried()
        except ValidationError as error:
            raise JobActionError("; ".join(error.messages)) from error
