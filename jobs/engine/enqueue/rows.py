"""Saving jobs: one statement for one, one for many; and waking a cluster that sleeps."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import connection

from jobs.engine.enqueue.arguments import to_json
from jobs.engine.models import BackgroundJob
from jobs.engine.sql import statement

_INSERT = statement("enqueue", "insert")
_TIMES = statement("enqueue", "times")
_COPY = statement("enqueue", "copy")
_WAKE_FOR = statement("enqueue", "wake_for")


def insert(row: BackgroundJob, delay: timedelta | None = None) -> bool:
    """Save the job in the caller's transaction.

    False when it has a unique key and an unfinished job has the same, or when its cron tick is there already.
    """
    params: dict[str, Any] = {
        "id": str(row.pk),
        "job_class": row.job_class,
        "arguments": to_json(row.arguments),
        "context": json.dumps(row.context),
        "options": json.dumps(row.options),
        "queue_name": row.queue_name,
        "priority": row.priority,
        "run_after": row.run_after if delay is None and _is_set(row) else None,
        "delay": delay or timedelta(),
        "lock_keys": row.lock_keys,
        "unique_key": row.unique_key,
        "batch": str(row.batch_id) if row.batch_id else None,
        "cron_key": row.cron_key,
        "cron_at": row.cron_at,
        "parent": str(row.parent_id) if row.parent_id else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, params)
        saved = cursor.fetchone()
    if saved is None:
        return False
    row.run_after, row.enqueued_at, row.updated_at = saved[:3]
    row._state.adding, row._state.db = False, connection.alias
    return True


def _is_set(row: BackgroundJob) -> bool:
    return not hasattr(row.run_after, "resolve_expression")


def insert_many(ids: Sequence[str], arguments: Sequence[str], like: BackgroundJob, delay: timedelta) -> None:
    """Save many jobs of one kind with one COPY: own ids and JSON arguments, the rest as in `like`."""
    times: dict[str, Any] = {"run_after": like.run_after if _is_set(like) else None, "delay": delay}
    with connection.cursor() as cursor:
        cursor.execute(_TIMES, times)
        run_after, now = cursor.fetchone()
        rest = "\t" + "\t".join(map(_copied, _constants(like, run_after, now))) + "\n"
        with connection.wrap_database_errors, cursor.copy(_COPY) as copy:
            for start in range(0, len(ids), 1000):
                chunk = zip(ids[start : start + 1000], arguments[start : start + 1000], strict=True)
                copy.write("".join([f"{pk}\t{_copied(text)}{rest}" for pk, text in chunk]))
        cursor.execute(_WAKE_FOR, {"run_after": run_after})


def _constants(like: BackgroundJob, run_after: str, now: str) -> list[str | None]:
    """What all have in common, in the order of the COPY's columns from job_class on."""
    return [
        like.job_class,
        json.dumps(like.context),
        "{}",  # options
        like.queue_name,
        str(like.priority),
        str(like.batch_id) if like.batch_id else None,
        str(like.parent_id) if like.parent_id else None,
        run_after,
        now,  # enqueued_at
        now,  # updated_at
        "0",  # attempts
        "0",  # attempts_before_retry
        "0",  # crashes
        "{}",  # labels
        "f",  # announced
    ]


def _copied(text: str | None) -> str:
    if text is None:
        return "\\N"
    if "\\" in text or "\n" in text or "\t" in text or "\r" in text:
        return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return text
