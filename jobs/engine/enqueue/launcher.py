"""A job class with options, ready to be enqueued."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Generic, ParamSpec
from uuid import UUID

from django.db import transaction

from jobs.engine.context import current_context, current_job
from jobs.engine.django_q import signals
from jobs.engine.enqueue import modes, options
from jobs.engine.enqueue.arguments import encode_arguments, to_json
from jobs.engine.enqueue.rows import insert, insert_many
from jobs.engine.models import BackgroundJob
from jobs.engine.models.ids import uuid7s

if TYPE_CHECKING:
    from jobs.engine.base import Job
    from jobs.engine.models import JobBatch

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Launcher(Generic[P]):
    """A job class with options of this one call; see `Job.using`."""

    job_class: type[Job]
    queue_name: str | None = None
    priority: int | None = None
    run_after: datetime | timedelta | None = None
    unique_key: str | None = None
    lock_keys: Sequence[str] | None = None
    batch: JobBatch | None = None

    def enqueue(self, *args: P.args, **kwargs: P.kwargs) -> BackgroundJob:
        """Save the job in the caller's transaction: commit gives it to the workers, rollback takes it back.

        With a unique key that an unfinished job has, that job is returned instead. Raises ArgumentError for
        an argument that cannot be kept.
        """
        if self.batch is not None:
            return self._enqueue_in_batch(self.batch, args, kwargs)
        return self._enqueue(args, kwargs)

    def _enqueue_in_batch(self, batch: JobBatch, args: Any, kwargs: Any) -> BackgroundJob:
        if modes.is_inline():
            options.check_batch(batch)  # the job runs at once, and not in a transaction of ours
            return self._enqueue(args, kwargs)
        with transaction.atomic():
            options.check_batch(batch)
            return self._enqueue(args, kwargs)

    def _enqueue(self, args: Any, kwargs: Any) -> BackgroundJob:
        while True:
            row = self.build(*args, **kwargs)
            if save(row, self._delay()):
                return row
            same = BackgroundJob.objects.unfinished().filter(unique_key=row.unique_key).first()
            if same:
                return same

    def enqueue_many(self, arguments: Iterable[Sequence[Any]]) -> list[UUID]:
        """Save a job for each tuple of arguments, all with one statement; returns their ids, in order.

        Raises ArgumentError, and saves nothing, when one cannot be kept. Jobs with unique or lock keys are
        saved one by one.
        """
        rows = options.rows_of_arguments(arguments)
        if not rows:
            return []
        if self._has_keys() or modes.is_inline():
            return self._enqueue_one_by_one(rows)
        if self.batch is not None:
            options.check_batch(self.batch)  # before anything is made of it, and again where it is locked
        encoded = [to_json(encode_arguments(args, {})) for args in rows]
        ids = uuid7s(len(rows))
        like = self.with_encoded({})
        with transaction.atomic():
            if self.batch is not None:
                options.check_batch(self.batch)
            insert_many([str(pk) for pk in ids], encoded, like, self._delay() or timedelta())
        return ids

    def _enqueue_one_by_one(self, rows: Sequence[tuple[Any, ...]]) -> list[UUID]:
        for args in rows:  # before any of them is saved
            to_json(self.build(*args).arguments)  # type: ignore[call-arg]
        return [self.enqueue(*args).pk for args in rows]  # type: ignore[call-arg]

    def build(self, *args: P.args, **kwargs: P.kwargs) -> BackgroundJob:
        """The row, not saved yet."""
        row = self.with_encoded(encode_arguments(args, kwargs))
        keys = self.lock_keys if self.lock_keys is not None else self.job_class.lock_keys(*args, **kwargs)
        row.lock_keys = options.lock_keys(keys)
        key = self.unique_key if self.unique_key is not None else self.job_class.unique_key(*args, **kwargs)
        row.unique_key = options.unique_key(key)
        return row

    def with_encoded(self, arguments: dict[str, Any]) -> BackgroundJob:
        """The row, with arguments as it holds them, and without the keys that the class gives it."""
        parent = current_job()
        row = BackgroundJob(
            job_class=self.job_class.path(),
            arguments=arguments,
            context=current_context().to_json(),
            queue_name=self.queue_name if self.queue_name is not None else self.job_class.queue_name,
            priority=self.priority if self.priority is not None else self.job_class.priority,
            parent_id=parent.pk if parent else None,
            batch=self.batch,
        )
        options.check_queue_name(row.queue_name)
        options.check_priority(row.priority)
        options.check_run_after(self.run_after)
        if isinstance(self.run_after, datetime):
            row.run_after = self.run_after
        return row

    def _delay(self) -> timedelta | None:
        return self.run_after if isinstance(self.run_after, timedelta) else None

    def _has_keys(self) -> bool:
        return self.unique_key is not None or bool(self.lock_keys) or self.job_class.has_keys()


def save(row: BackgroundJob, delay: timedelta | None = None) -> bool:
    """Save a job that was built; False when its unique key or its tick of the schedule is taken."""

    def save_row() -> bool:
        signals.enqueuing(row)
        return insert(row, delay)

    return modes.save(row, save_row)


@dataclass(frozen=True, slots=True)
class Options(Generic[P]):
    """`Job.using`: what it is called with becomes a launcher."""

    launcher: Launcher[P]

    def __call__(
        self,
        *,
        priority: int | None = None,
        queue_name: str | None = None,
        run_after: datetime | timedelta | None = None,
        unique_key: str | None = None,
        lock_keys: Sequence[str] | None = None,
        batch: JobBatch | None = None,
    ) -> Launcher[P]:
        """The job class with other options, for one call.

        `run_after` is a time, or a timedelta from now by the database's clock. Of the jobs with the same
        `unique_key`, one may be unfinished. Jobs that share one of their `lock_keys` run one at a time, in
        the order in which they were enqueued. `batch`: see `jobs.engine.batches`.
        """
        options.check_run_after(run_after)
        if lock_keys is not None:
            # What can be read once only is for every job that is enqueued with it.
            lock_keys = options.lock_keys(lock_keys) or ()
        return replace(
            self.launcher,
            priority=priority,
            queue_name=queue_name,
            run_after=run_after,
            unique_key=unique_key,
            lock_keys=lock_keys,
            batch=batch,
        )
