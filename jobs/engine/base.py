"""Job: the class that every background job is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, ParamSpec, Protocol, TypeVar

from jobs.engine import progress
from jobs.engine.context import current_job, use_job
from jobs.engine.enqueue.launcher import Launcher, Options
from jobs.engine.retry import Retry

__all__ = ["Job", "Launcher", "current_job"]

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from jobs.engine.models import BackgroundJob

P = ParamSpec("P")
R_co = TypeVar("R_co", covariant=True)


class Performs(Protocol[P, R_co]):
    """A class whose perform() takes these arguments and gives this."""

    def perform(self, *args: P.args, **kwargs: P.kwargs) -> R_co: ...


class _Enqueue:
    """`Job.enqueue`, typed by the class's own perform()."""

    def __get__(self, instance: object, owner: type[Performs[P, Any]]) -> Callable[P, BackgroundJob]:
        launcher: Launcher[P] = Launcher(owner)  # type: ignore[arg-type]
        return launcher.enqueue


class _Using:
    """`Job.using`, typed by the class's own perform()."""

    def __get__(self, instance: object, owner: type[Performs[P, Any]]) -> Options[P]:
        return Options(Launcher(owner))  # type: ignore[arg-type]


class _Call:
    """`Job.call`, typed by the class's own perform()."""

    def __get__(self, instance: object, owner: type[Performs[P, R_co]]) -> Callable[P, R_co]:
        def call(*args: P.args, **kwargs: P.kwargs) -> R_co:
            with use_job(None):
                return owner().perform(*args, **kwargs)

        return call


class Job:
    """A background job: subclass it, say what to do in perform(), and enqueue it.

    class WelcomeJob(Job):
        def perform(self, user: User) -> None: ...

    WelcomeJob.enqueue(user)
    """

    queue_name: ClassVar[str] = "default"
    # The smaller number runs first, as in Danbooru; django.tasks counts the other way. From -100 to 100.
    priority: ClassVar[int] = 0
    # The longest it may run; None for no limit.
    timeout: ClassVar[timedelta | None] = timedelta(hours=24)
    # Without these two, any error discards the job.
    retry: ClassVar[Retry | None] = None
    # The most attempts, whatever the error; with `retry`, the most of those.
    max_attempts: ClassVar[int | None] = None
    # Errors that end the job without fuss: nobody is told, no backtrace is logged.
    discard_on: ClassVar[tuple[type[BaseException], ...]] = ()

    enqueue = _Enqueue()
    using = _Using()
    # Performs it here and now; errors reach the caller.
    call = _Call()

    def perform(self, *args: Any, **kwargs: Any) -> Any:
        """What the job does."""
        raise NotImplementedError

    @classmethod
    def lock_keys(cls, *args: Any, **kwargs: Any) -> Sequence[str]:  # noqa: ARG003 -- for subclasses
        """Jobs that share one of these keys run one at a time, in the order in which they were enqueued."""
        return ()

    @classmethod
    def unique_key(cls, *args: Any, **kwargs: Any) -> str | None:  # noqa: ARG003 -- for subclasses
        """While a job with this key is unfinished, enqueueing another gives that one."""
        return None

    def on_discard(self, error: str, *args: Any, **kwargs: Any) -> None:
        """Called, in a job of its own, after the job has ended with an error, whatever or whoever ended it.

        So, too, when it is deleted on the dashboard before it has ended. `error` is the class and message of
        the error; the rest is what perform() was given.
        """

    def on_retry(self, *args: Any, **kwargs: Any) -> None:
        """Called when a person retries the job after it was discarded, in the transaction of the retry.

        A JobActionError refuses the retry. `self.job` is the row: give it other `lock_keys` here, if they
        depend on what there is at the time.
        """

    @property
    def job(self) -> BackgroundJob | None:
        """The row of this job while it runs in the background, and in on_retry(); None in call()."""
        return current_job()

    def report(self, done: int, total: int | None = None, text: str = "") -> None:
        """Tell how far it is: done of total, and a line of text. Cheap: call it as often as you like.

        It can be read at once, whether a transaction is open here or not. A safe point like check().
        """
        progress.report(done, total, text)

    def check(self) -> None:
        """A safe point: raises JobCanceled when a person asked the job to stop."""
        progress.check()

    @classmethod
    def enqueue_many(cls, arguments: Iterable[Sequence[Any]]) -> list[UUID]:
        """Enqueue a job for each tuple of arguments, with one statement; see Launcher.enqueue_many."""
        launcher: Launcher[...] = Launcher(cls)
        return launcher.enqueue_many(arguments)

    @classmethod
    def retry_policy(cls) -> Retry | None:
        """What `retry` and `max_attempts` come to; None when nothing is tried again."""
        if cls.max_attempts is None:
            return cls.retry
        if cls.retry is None:
            return Retry(on=(Exception,), attempts=cls.max_attempts)
        return replace(cls.retry, attempts=min(cls.retry.attempts, cls.max_attempts))

    @classmethod
    def path(cls) -> str:
        """The dotted path that the row remembers."""
        return f"{cls.__module__}.{cls.__qualname__}"

    @classmethod
    def has_keys(cls) -> bool:
        """May its jobs have lock keys or unique keys of their own?"""
        return (
            cls.lock_keys.__func__ is not Job.lock_keys.__func__  # type: ignore[attr-defined]
            or cls.unique_key.__func__ is not Job.unique_key.__func__  # type: ignore[attr-defined]
        )
