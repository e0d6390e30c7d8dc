"""django-q2's plain async_task() calls, as jobs of the same table."""

from __future__ import annotations

import pydoc
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django_q.brokers import get_broker
from django_q.models import Task
from django_q.monitor import save_task
from django_q.tasks import async_chain
from django_q.utils import get_func_repr

from jobs.engine.context import current_context
from jobs.engine.enqueue.arguments import encode_arguments
from jobs.engine.enqueue.calling import call
from jobs.engine.enqueue.decoding import decode_arguments
from jobs.engine.enqueue.moved import current_path
from jobs.engine.errors import ArgumentError, UnknownJob
from jobs.engine.models import BackgroundJob
from jobs.engine.models.names import is_path

if TYPE_CHECKING:
    from datetime import datetime

# Options of async_task() that are kept with the job.
_KEPT = ("id", "name", "hook", "group", "chain", "save", "timeout")
# Results in the cache would be lost when it is emptied, and are invisible to other machines.
_REFUSED = ("cached", "iter_count", "iter_cached")


def row_of_task(task: dict[str, Any], queue_name: str | None) -> BackgroundJob:
    """The job, not saved yet. Raises ArgumentError for what cannot be kept or done here."""
    refused = [name for name in _REFUSED if task.get(name)]
    if refused:
        raise ArgumentError(f"async_task({refused[0]}=…) is not supported: results are kept in the database")
    function = task["func"] if isinstance(task["func"], str) else get_func_repr(task["func"])
    if callable(task["func"]) and pydoc.locate(function) is None:
        raise ArgumentError(f"{function} cannot be found again by its name; pass a function of a module")
    options = {name: task[name] for name in _KEPT if task.get(name) is not None}
    if callable(options.get("hook")):
        options["hook"] = get_func_repr(options["hook"])
    return BackgroundJob(
        job_class=function,
        arguments=encode_arguments(tuple(task["args"]), task["kwargs"]),
        context=current_context().to_json(),
        options=encode_arguments((options,), {}),
        queue_name=queue_name or "default",
    )


def options_of(job: BackgroundJob) -> dict[str, Any]:
    """What async_task() was told beside the function and its arguments."""
    (options,), _ = decode_arguments(job.options)
    return dict(options)


def call_task(job: BackgroundJob) -> Any:
    """Call the function."""
    function = pydoc.locate(current_path(job.job_class))
    if not callable(function):
        raise UnknownJob(f"there is no function {job.job_class}", may_come=is_path(job.job_class))
    args, kwargs = decode_arguments(job.arguments)
    return call(function, args, kwargs)


def report_task(job: BackgroundJob, result: Any, *, success: bool, stopped: datetime) -> Task | None:
    """Enqueue the next of a chain, and let django-q2 save the result; returns that if it has a hook to call.

    In the caller's transaction. What cannot be saved or enqueued takes nothing else of it back.
    """
    options, broker = options_of(job), get_broker()
    if chain := options.pop("chain", None):
        with transaction.atomic():
            async_chain(chain, group=options.get("group"), broker=broker)
    hook = options.pop("hook", None)
    args, kwargs = decode_arguments(job.arguments)
    task = {
        "func": job.job_class,
        "args": args,
        "kwargs": kwargs,
        "started": job.performed_at,
        "stopped": stopped,
        "result": result,
        "success": success,
        "sync": True,  # keep this process's database connection
        **options,
    }
    with transaction.atomic():
        save_task(task, broker)
    if hook is None or not Task.objects.filter(pk=options["id"]).update(hook=hook):
        return None
    return Task.objects.get(pk=options["id"])
