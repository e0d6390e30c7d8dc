"""Job: the class that every background job is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Generic, ParamSpec, Protocol

from django_q.tasks import async_task

from jobs.engine.arguments import encode_arguments
from jobs.engine.broker import RowBroker
from jobs.engine.context import current_context
from jobs.engine.current import current_job, use_job
from jobs.engine.models import BackgroundJob

__all__ = ["Job", "Launcher", "current_job"]

if TYPE_CHECKING:
    from jobs.engine.retry import Retry

P = ParamSpec("P")


class Performs(Protocol[P]):
    """A class whose perform() takes these arguments."""

    def perform(self, *args: P.args, **kwargs: P.kwargs) -> Any: ...


@dataclass(frozen=True, slots=True)
class Launcher(Generic[P]):
    """A job class with options of this one call; see `Job.using`."""

    job_class: type[Job]
    queue_name: str | None = None
    priority: int | None = None
    run_after: datetime | timedelta | None = None

    def enqueue(self, *args: P.args, **kwargs: P.kwargs) -> BackgroundJob:
        """Save the job in the caller's transaction: commit gives it to the workers, rollback takes it back.

        Raises ArgumentError for an argument that cannot be kept.
        """
        row = self.build(*args, **kwargs)
        async_task(
            "jobs.engine.execution.work",
            q_options={"task_name": row.name, "broker": RowBroker(row, delay=self._delay())},
        )
        return row

    def build(self, *args: P.args, **kwargs: P.kwargs) -> BackgroundJob:
        """The row, not saved yet."""
        parent = current_job()
        row = BackgroundJob(
            job_class=self.job_class.path(),
            arguments=encode_arguments(args, kwargs),
            context=current_context().to_json(),
            queue_name=self.queue_name if self.queue_name is not None else self.job_class.queue_name,
            priority=self.priority if self.priority is not None else self.job_class.priority,
            parent_id=parent.pk if parent else None,
        )
        if isinstance(self.run_after, datetime):
            row.run_after = self.run_after
        return row

    def _delay(self) -> timedelta | None:
        return self.run_after if isinstance(self.run_after, timedelta) else None


class _Enqueue:
    """`Job.enqueue`, typed by the class's own perform()."""

    def __get__(self, instance: object, owner: type[Performs[P]]) -> Callable[P, BackgroundJob]:
        launcher: Launcher[P] = Launcher(owner)  # type: ignore[arg-type]
        return launcher.enqueue


class _Using:
    """`Job.using`, typed by the class's own perform()."""

    def __get__(self, instance: object, owner: type[Performs[P]]) -> _Options[P]:
        return _Options(Launcher(owner))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class _Options(Generic[P]):
    launcher: Launcher[P]

    def __call__(
        self,
        *,
        priority: int | None = None,
        queue_name: str | None = None,
        run_after: datetime | timedelta | None = None,
    ) -> Launcher[P]:
        """The job class with other options, for one call.

        `run_after` is a time, or a timedelta from now by the database's clock.
        """
        if isinstance(run_after, datetime) and run_after.tzinfo is None:
            raise ValueError("run_after must be an aware datetime, or a timedelta")
        return replace(self.launcher, priority=priority, queue_name=queue_name, run_after=run_after)


class Job:
    """A background job: subclass it, say what to do in perform(), and enqueue it.

    class WelcomeJob(Job):
        def perform(self, user: User) -> None: ...

    WelcomeJob.enqueue(user)
    """

    queue_name: ClassVar[str] = "default"
    # The smaller number runs first, as in Danbooru; django.tasks counts the other way.
    priority: ClassVar[int] = 0
    # The longest it may run; None for no limit.
    timeout: ClassVar[timedelta | None] = timedelta(hours=24)
    # Without it, any error discards the job.
    retry: ClassVar[Retry | None] = None

    enqueue = _Enqueue()
    using = _Using()

    def perform(self, *args: Any, **kwargs: Any) -> Any:
        """What the job does."""
        raise NotImplementedError

    @property
    def job(self) -> BackgroundJob | None:
        """The row of this job while it runs in the background; None in call()."""
        return current_job()

    @classmethod
    def call(cls, *args: Any, **kwargs: Any) -> Any:
        """Perform it here and now; errors reach the caller."""
        with use_job(None):
            return cls().perform(*args, **kwargs)

    @classmethod
    def path(cls) -> str:
        """The dotted path that the row remembers."""
        return f"{cls.__module__}.{cls.__qualname__}"
