"""What a test expects of a job, and how to say that it was not so."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from jobs.engine.base import Job
from jobs.engine.enqueue import modes
from jobs.engine.enqueue.arguments import TYPES, encode_arguments
from jobs.engine.models import BackgroundJob


@dataclass(frozen=True, slots=True)
class Expected:
    """A job class, its arguments if they matter, and the options that matter."""

    job_class: type[Job]
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] | None = None
    queue_name: str | None = None
    priority: int | None = None
    run_after: datetime | timedelta | None = None
    lock_keys: Sequence[str] | None = None
    unique_key: str | None = None

    def differences(self, job: BackgroundJob) -> list[str]:
        """In what a job of the class is another than the expected one, in words."""
        return list(self._differences(job))

    def _differences(self, job: BackgroundJob) -> Iterator[str]:
        wanted = self._arguments
        if wanted is not None and self._named(job.arguments) != self._named(wanted):
            yield "other arguments"
        for name in ("queue_name", "priority", "unique_key"):
            value = getattr(self, name)
            if value is not None and getattr(job, name) != value:
                yield f"{name} is {getattr(job, name)!r}"
        if self.lock_keys is not None and sorted(set(self.lock_keys)) != (job.lock_keys or []):
            yield f"lock_keys are {job.lock_keys or []}"
        if isinstance(self.run_after, timedelta) and job.run_after - job.enqueued_at != self.run_after:
            yield f"it runs {job.run_after - job.enqueued_at} after it was enqueued"
        if isinstance(self.run_after, datetime) and job.run_after != self.run_after:
            yield f"run_after is {job.run_after}"

    @property
    def _arguments(self) -> dict[str, Any] | None:
        return encode_arguments(self.args, self.kwargs or {}) if self.args or self.kwargs else None

    def _named(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """By the names that perform() gives them, so that it does not matter how they were passed."""
        args = [_unordered(value) for value in arguments.get("args", ())]
        kwargs = {name: _unordered(value) for name, value in arguments.get("kwargs", {}).items()}
        try:
            bound = inspect.signature(self.job_class.perform).bind(None, *args, **kwargs)
        except TypeError:  # perform() does not take them; that is for the job to find out
            return {"args": args, "kwargs": kwargs}
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in bound.arguments.items()
        }

    def not_found(self, waiting: Sequence[BackgroundJob]) -> str:
        """The message: what was expected, what waits instead, and what ran already."""
        lines = [f"{self} is not enqueued."]
        lines += ["What waits:", *(self._compared(job) for job in waiting)] if waiting else ["Nothing waits."]
        done = BackgroundJob.objects.filter(job_class=self.job_class.path(), performed_at__isnull=False)
        if begun := done.count():
            how = " at once, because JOBS_MODE is inline" if modes.is_inline() else ""
            lines.append(f"{begun} of this class began{how}.")
        return "\n".join(lines)

    def _compared(self, job: BackgroundJob) -> str:
        if job.job_class != self.job_class.path():
            return self.describe(job)
        return f"{self.describe(job)}: {', '.join(self.differences(job))}"

    @staticmethod
    def describe(job: BackgroundJob) -> str:
        """One line: the class and its arguments, as they are kept."""
        args = [repr(value) for value in job.arguments.get("args", ())]
        args += [f"{name}={value!r}" for name, value in job.arguments.get("kwargs", {}).items()]
        return f"  {job.job_class.rpartition('.')[2]}({', '.join(args)})"

    def __str__(self) -> str:
        args = [repr(value) for value in self.args]
        args += [f"{name}={value!r}" for name, value in (self.kwargs or {}).items()]
        options = [
            f"{name}={value!r}"
            for name in ("queue_name", "priority", "run_after", "lock_keys", "unique_key")
            if (value := getattr(self, name)) is not None
        ]
        return f"{self.job_class.__name__}({', '.join(args)})" + (
            f" with {', '.join(options)}" if options else ""
        )


def _unordered(value: Any) -> Any:
    """An encoded value without the order of its dicts, which does not matter to who compares them."""
    match value:
        case {"_items": pairs}:
            return {"_dict": {key: _unordered(item) for key, item in pairs}}
        case {"_dict": items}:
            return {"_dict": {key: _unordered(item) for key, item in items.items()}}
        case dict() if not TYPES & value.keys():
            return {"_dict": {key: _unordered(item) for key, item in value.items()}}
        case dict():
            return {key: _unordered(item) for key, item in value.items()}
        case list():
            return [_unordered(item) for item in value]
    return value
