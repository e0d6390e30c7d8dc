"""Batches: jobs that belong together, and what follows when all of them have finished.

    with new_batch("thumbnails", on_finish=TellJob) as batch:
        ResizeJob.using(batch=batch).enqueue_many((post,) for post in posts)

TellJob is then enqueued once, with the batch as its argument.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from jobs.engine.base import Job
from jobs.engine.enqueue import modes
from jobs.engine.enqueue.arguments import encode_arguments
from jobs.engine.enqueue.decoding import decode_arguments
from jobs.engine.enqueue.job_classes import load_job_class
from jobs.engine.enqueue.launcher import Launcher
from jobs.engine.faults.engine_log import logger
from jobs.engine.models import BackgroundJob, JobBatch

Callback = type[Job] | Launcher[...]


@contextmanager
def new_batch(
    description: str = "",
    *,
    on_finish: Callback | None = None,
    on_success: Callback | None = None,
    on_discard: Callback | None = None,
    properties: dict[str, Any] | None = None,
) -> Iterator[JobBatch]:
    """A batch to add jobs to, with `using(batch=…)`; it is complete at the end of the block.

    All is saved in one transaction: jobs, batch and callbacks are there together or not at all. When the last
    job has finished, `on_finish` is enqueued, and `on_success` when every job succeeded or `on_discard` when
    any did not, or was deleted before it had; each gets the batch as its argument. A job of the batch that a
    person retries makes it unfinished again: when that job has ended, the callbacks are enqueued anew.
    `properties`: what they may want to know beside that.
    An empty batch finishes at once.
    """
    callbacks = {"finish": on_finish, "success": on_success, "discard": on_discard}
    with transaction.atomic():
        batch = JobBatch.objects.create(
            description=description,
            callbacks={when: _encode(callback) for when, callback in callbacks.items() if callback},
            properties=encode_arguments((), properties or {}),
        )
        yield batch
        JobBatch.objects.filter(pk=batch.pk).update(sealed_at=Now())
        if modes.is_inline():
            settle()
        batch.refresh_from_db()


def properties_of(batch: JobBatch) -> dict[str, Any]:
    """What new_batch() was given as `properties`. Raises MissingArgument for a record that is gone."""
    return decode_arguments(batch.properties)[1]


def callbacks_of(batch: JobBatch) -> dict[str, dict[str, Any]]:
    """The callbacks by when they are enqueued, without what is none."""
    if not isinstance(batch.callbacks, dict):
        return {}
    return {
        when: callback
        for when, callback in batch.callbacks.items()
        if isinstance(callback, dict) and isinstance(callback.get("job_class"), str)
    }


def settle() -> int:
    """Finish the batches whose jobs have all finished, and enqueue their callbacks; returns how many."""
    with transaction.atomic():
        unfinished = BackgroundJob.objects.unfinished().filter(batch=OuterRef("pk"))
        complete = JobBatch.objects.filter(sealed_at__isnull=False, finished_at__isnull=True)
        batches = list(complete.filter(~Exists(unfinished)).select_for_update(skip_locked=True)[:100])
        # Somebody may have retried a job before this had locked its batch.
        reopened = set(
            BackgroundJob.objects.unfinished().filter(batch__in=batches).values_list("batch", flat=True)
        )
        complete_now = [batch for batch in batches if batch.pk not in reopened]
        for batch in complete_now:
            _finish(batch)
    return len(complete_now)


def _finish(batch: JobBatch) -> None:
    JobBatch.objects.filter(pk=batch.pk).update(finished_at=Now())
    batch.refresh_from_db()
    failed = batch.gone_failed or batch.jobs.filter(error__isnull=False).exists()
    for when in ("finish", "discard" if failed else "success"):
        if callback := callbacks_of(batch).get(when):
            _enqueue(callback, batch)


def _enqueue(callback: dict[str, Any], batch: JobBatch) -> None:
    """Enqueue a callback; one that cannot be, whatever it does, holds up no other batch."""
    try:
        with transaction.atomic():
            launcher: Launcher[...] = Launcher(
                load_job_class(callback["job_class"]),
                queue_name=callback.get("queue_name"),
                priority=callback.get("priority"),
            )
            launcher.enqueue(batch)
    except DatabaseError:
        raise
    except Exception:
        logger.exception("The callback %s of batch %s cannot be enqueued", callback, batch.pk)


def _encode(callback: Callback) -> dict[str, Any]:
    launcher: Launcher[...] = callback if isinstance(callback, Launcher) else Launcher(callback)
    return {
        "job_class": launcher.job_class.path(),
        "queue_name": launcher.queue_name,
        "priority": launcher.priority,
    }
