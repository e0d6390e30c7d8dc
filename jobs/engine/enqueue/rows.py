"""Saving jobs: one statement for one, one for many; and waking a cluster that sleeps."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import connection

from jobs.engine.enqueue.arguments import to_json
from jobs.engine.models import BackgroundJob
from jobs.engine.models.sql import CHANNEL

_TABLE = BackgroundJob._meta.db_table
# Clusters that are busy look at the table anyway. A notification takes a lock that all committing
# transactions share, so none is sent without need.
_WAKE = f"""
    CASE WHEN run_after <= statement_timestamp()
        AND EXISTS (SELECT FROM background_job_sleepers WHERE is_asleep)
    THEN pg_notify('{CHANNEL}', '') IS NULL END
"""
_INSERT = f"""
    WITH job AS (
        INSERT INTO {_TABLE} (
            id, job_class, arguments, context, options, queue_name, priority, run_after, enqueued_at,
            updated_at, lock_keys, unique_key, batch_id, cron_key, cron_at, parent_id,
            attempts, attempts_before_retry, crashes, labels, announced
        )
        SELECT
            new.id::uuid, new.job_class, new.arguments::jsonb, new.context::jsonb, new.options::jsonb,
            new.queue_name, new.priority, COALESCE(new.run_after, statement_timestamp() + new.delay),
            statement_timestamp(), statement_timestamp(), new.lock_keys, new.unique_key, new.batch_id::uuid,
            new.cron_key, new.cron_at, new.parent_id::uuid, 0, 0, 0, '{{}}', false
        FROM (VALUES (
            %(id)s, %(job_class)s, %(arguments)s, %(context)s, %(options)s, %(queue_name)s, %(priority)s,
            %(run_after)s::timestamptz, %(delay)s::interval, %(lock_keys)s::text[], %(unique_key)s, %(batch)s,
            %(cron_key)s, %(cron_at)s::timestamptz, %(parent)s
        )) AS new (
            id, job_class, arguments, context, options, queue_name, priority, run_after, delay, lock_keys,
            unique_key, batch_id, cron_key, cron_at, parent_id
        )
        ON CONFLICT DO NOTHING
        RETURNING id, run_after, enqueued_at, updated_at
    )
    SELECT run_after, enqueued_at, updated_at, {_WAKE} FROM job
"""  # noqa: S608 -- only names of our own


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
    constants = {
        "job_class": like.job_class,
        "context": json.dumps(like.context),
        "options": "{}",
        "queue_name": like.queue_name,
        "priority": str(like.priority),
        "batch_id": str(like.batch_id) if like.batch_id else None,
        "parent_id": str(like.parent_id) if like.parent_id else None,
        "attempts": "0",
        "attempts_before_retry": "0",
        "crashes": "0",
        "labels": "{}",
        "announced": "f",
    }
    with connection.cursor() as cursor:
        times: list[Any] = [like.run_after if _is_set(like) else None, delay]
        cursor.execute(
            "SELECT COALESCE(%s, statement_timestamp() + %s)::text, statement_timestamp()::text", times
        )
        constants["run_after"], constants["enqueued_at"] = cursor.fetchone()
        constants["updated_at"] = constants["enqueued_at"]
        rest = "\t" + "\t".join(_copied(value) for value in constants.values()) + "\n"
        columns = ", ".join(["id", "arguments", *constants])
        with connection.wrap_database_errors, cursor.copy(f"COPY {_TABLE} ({columns}) FROM STDIN") as copy:
            for start in range(0, len(ids), 1000):
                chunk = zip(ids[start : start + 1000], arguments[start : start + 1000], strict=True)
                copy.write("".join([f"{pk}\t{_copied(text)}{rest}" for pk, text in chunk]))
        cursor.execute(
            f"SELECT {_WAKE} FROM (SELECT %s::timestamptz AS run_after) AS job",  # noqa: S608 -- our own
            [constants["run_after"]],
        )


def _copied(text: str | None) -> str:
    if text is None:
        return "\\N"
    if "\\" in text or "\n" in text or "\t" in text or "\r" in text:
        return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return text
