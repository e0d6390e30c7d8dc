"""django-q2's signals around a task, sent for the jobs themselves, and proof against receivers that raise.

django-q2 would send them for the tickets, which mean nothing to anybody, and a receiver that raises would
kill the worker, or have a job run again that was done.
"""

from __future__ import annotations

import pydoc
from typing import TYPE_CHECKING, Any

from django.dispatch import Signal
from django.utils import timezone
from django_q import cluster, monitor, pusher, worker
from django_q.signals import post_execute_in_worker, post_spawn, pre_enqueue, pre_execute

from jobs.engine.enqueue.moved import current_path
from jobs.engine.faults.engine_log import logger, safe
from jobs.engine.worker.error_words import failure_of

if TYPE_CHECKING:
    from jobs.engine.models import BackgroundJob


class _Unheard:
    """Stands for a signal that is not sent."""

    def send(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing."""


class _Robust:
    """Stands for a signal whose receivers may raise."""

    def __init__(self, signal: Signal) -> None:
        self._signal = signal

    def send(self, sender: str, **named: Any) -> None:
        _send(self._signal, sender, **named)


def replace_in_worker() -> None:
    """In this process and its children: send nothing for tickets, and survive whatever receivers do."""
    worker.pre_execute = worker.post_execute_in_worker = _Unheard()
    worker.post_spawn = _Robust(post_spawn)
    for module in (worker, pusher, monitor, cluster):
        module.logger = safe(module.logger)


def enqueuing(job: BackgroundJob) -> None:
    """Send pre_enqueue, as async_task() does; what a receiver raises keeps the job from being enqueued."""
    if pre_enqueue.has_listeners("django_q"):
        pre_enqueue.send(sender="django_q", task=_task(job) | {"started": timezone.now()})


def before(job: BackgroundJob) -> dict[str, Any] | None:
    """Send pre_execute; returns the task for after(), or None when nobody listens."""
    if not pre_execute.has_listeners("django_q") and not post_execute_in_worker.has_listeners("django_q"):
        return None
    task = _task(job) | {"started": job.performed_at}
    _send(pre_execute, "django_q", func=pydoc.locate(current_path(job.job_class)), task=task)
    return task


def _task(job: BackgroundJob) -> dict[str, Any]:
    """The job as django-q2 would describe it, with the arguments as its row has them."""
    arguments = job.arguments if isinstance(job.arguments, dict) else {}
    return {
        "id": str(job.pk),
        "name": job.name,
        "func": job.job_class,
        "args": tuple(args) if isinstance(args := arguments.get("args"), list) else (),
        "kwargs": arguments.get("kwargs", {}),
    }


def after(task: dict[str, Any] | None, result: Any, error: BaseException | None) -> None:
    """Send post_execute_in_worker."""
    if task is None:
        return
    told = result if error is None else failure_of(error).text
    task |= {"result": told, "success": error is None}
    _send(post_execute_in_worker, "django_q", func=pydoc.locate(current_path(task["func"])), task=task)


def _send(signal: Signal, sender: str, **named: Any) -> None:
    try:
        answers = signal.send_robust(sender=sender, **named)
    except BaseException:  # SystemExit and its like, too
        logger.exception("A signal receiver raised")
        return
    for receiver, answer in answers:
        if isinstance(answer, Exception):
            logger.error("The signal receiver %s raised", receiver, exc_info=answer)
