"""django-q2's own Schedule rows, each by itself: a bad one stops only itself."""

from __future__ import annotations

import ast
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, models, transaction
from django.utils import timezone
from django_q.conf import Conf
from django_q.models import Schedule
from django_q.tasks import async_task
from django_q.utils import localtime

from jobs.engine.faults.engine_log import logger


def enqueue_due() -> int:
    """Enqueue the tasks of the schedules that are due; returns how many rows were due.

    A row that cannot be enqueued (a cron line that never comes, arguments that are no Python) is switched
    off: it stays, with no repeats left, and the log says why.
    """
    own = models.Q(cluster=Conf.CLUSTER_NAME)
    if Conf.CLUSTER_NAME == Conf.PREFIX:
        own |= models.Q(cluster__isnull=True)
    due = Schedule.objects.filter(own, next_run__lt=timezone.now()).exclude(repeats=0)
    ids = list(due.values_list("pk", flat=True)[:100])
    for pk in ids:
        try:
            with transaction.atomic():
                _enqueue(pk)
        except DatabaseError:
            raise
        except Exception:
            logger.exception("Schedule %s cannot be enqueued, and is switched off", pk)
            Schedule.objects.filter(pk=pk).update(repeats=0)
    return len(ids)


def _enqueue(pk: int) -> None:
    locked = Schedule.objects.select_for_update(skip_locked=True)
    schedule = locked.filter(pk=pk, next_run__lt=timezone.now()).exclude(repeats=0).first()
    if schedule is None:
        return  # another cluster was quicker
    args, kwargs = _arguments(schedule)
    options = dict(kwargs.pop("q_options", {}))
    if schedule.intended_date_kwarg:
        kwargs[schedule.intended_date_kwarg] = schedule.next_run.isoformat()
    if schedule.hook:
        options["hook"] = schedule.hook
    options["cluster"] = schedule.cluster or options.get("cluster", options.pop("broker_name", None))
    options.setdefault("group", schedule.name or schedule.pk)
    schedule.task = async_task(schedule.func, *args, q_options=options, **kwargs)
    _set_next_run(schedule)


def _arguments(schedule: Schedule) -> tuple[tuple[Any, ...], dict[str, Any]]:
    args = ast.literal_eval(schedule.args) if schedule.args else ()
    return args if isinstance(args, tuple) else (args,), _keyword_arguments(schedule.kwargs)


def _keyword_arguments(text: str | None) -> dict[str, Any]:
    """As a dict, or as in a call: `a=1, b='x'`."""
    if not text:
        return {}
    if text.lstrip().startswith("{"):
        return dict(ast.literal_eval(text))
    call = ast.parse(f"f({text})", mode="eval").body
    if not isinstance(call, ast.Call):
        raise TypeError(f"not keyword arguments: {text}")
    return {str(keyword.arg): ast.literal_eval(keyword.value) for keyword in call.keywords}


def _set_next_run(schedule: Schedule) -> None:
    if schedule.schedule_type == Schedule.ONCE:
        if schedule.repeats < 0:
            schedule.delete()
            return
        schedule.repeats = 0
        schedule.save()
        return
    if not Conf.CATCH_UP:
        _skip_the_missed(schedule)
    while True:
        schedule.next_run = schedule.calculate_next_run(schedule.next_run)
        if Conf.CATCH_UP or schedule.next_run > localtime():
            break
    schedule.repeats = schedule.repeats - 1 if schedule.repeats > 0 else -1
    schedule.save()


def _skip_the_missed(schedule: Schedule) -> None:
    """To the last time before now, in one step; those that come seldom are walked over."""
    behind = localtime() - schedule.next_run
    lengths = {
        Schedule.MINUTES: timedelta(minutes=schedule.minutes or 1),
        Schedule.HOURLY: timedelta(hours=1),
    }
    length = lengths.get(schedule.schedule_type)
    if length and behind > length:
        schedule.next_run += behind // length * length
