"""Taking jobs from the table.

Each pair of queue and priority is a lane, in which jobs wait in the order of their time. A claim looks at the
head of each lane that is open to this worker and takes the best: so neither a million waiting jobs of another
queue nor a million scheduled ones are ever read. Times are the database's own.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from jobs.engine import conf, holds
from jobs.engine.models import BackgroundJob
from jobs.engine.sql import RUNNABLE, WAITING, prepared

# How often a job that has been due for JOBS_STARVED_AFTER goes before those of better priority.
OLDEST_FIRST = 0.1

_TABLE = BackgroundJob._meta.db_table
_FIELDS = BackgroundJob._meta.concrete_fields
_NAMES = [field.attname for field in _FIELDS]
_COLUMNS = ", ".join(f"claimed.{field.column}" for field in _FIELDS)
_JSON = {index for index, field in enumerate(_FIELDS) if field.get_internal_type() == "JSONField"}


@dataclass(frozen=True, slots=True)
class Worker:
    """The process that claims: its cluster and its pid."""

    cluster_id: UUID
    pid: int

    def __str__(self) -> str:
        return f"{self.cluster_id}:{self.pid}"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which jobs a worker may take."""

    queue_name: str | None = None  # None for every queue
    closed_queues: tuple[str, ...] = ()
    min_priority: int | None = None
    max_priority: int | None = None
    job_class: str | None = None

    def params(self) -> dict[str, Any]:
        return {
            "queue": self.queue_name,
            "closed": list(self.closed_queues),
            "min_priority": self.min_priority,
            "max_priority": self.max_priority,
            "job_class": self.job_class,
        }


EVERYTHING = Scope()

# The heads of the lanes: (queue_name, priority, run_after, id) of the job in each that is due longest.
HEADS = f"""
    lane AS (
        (SELECT queue_name, priority FROM {_TABLE} WHERE {WAITING} ORDER BY queue_name, priority LIMIT 1)
        UNION ALL
        SELECT following.queue_name, following.priority FROM lane CROSS JOIN LATERAL (
            SELECT queue_name, priority FROM {_TABLE}
            WHERE {WAITING} AND (queue_name, priority) > (lane.queue_name, lane.priority)
            ORDER BY queue_name, priority LIMIT 1
        ) AS following
    ), head AS (
        SELECT lane.queue_name, lane.priority, first.run_after, first.id FROM lane CROSS JOIN LATERAL (
            SELECT run_after, id FROM {_TABLE}
            WHERE {RUNNABLE} AND queue_name = lane.queue_name AND priority = lane.priority
                AND (%(job_class)s::text IS NULL OR job_class = %(job_class)s::text)
            ORDER BY run_after, id LIMIT 1
        ) AS first
        WHERE (%(queue)s::text IS NULL OR lane.queue_name = %(queue)s::text)
            AND lane.queue_name <> ALL (%(closed)s::text[])
            AND (%(min_priority)s::int IS NULL OR lane.priority >= %(min_priority)s::int)
            AND (%(max_priority)s::int IS NULL OR lane.priority <= %(max_priority)s::int)
            AND NOT EXISTS (
                SELECT FROM background_job_pauses AS pause
                WHERE pause.kind = 'queue' AND pause.name = lane.queue_name
            )
    )
"""  # noqa: S608 -- only names of our own

# "Mine": the fence that lets one worker end a job, whoever else was given it meanwhile.
MINE = """
    id = %(done)s::uuid AND attempts = %(done_attempts)s::int AND claimed_by = %(cluster)s::uuid
    AND worker_pid = %(pid)s::int AND finished_at IS NULL AND performed_at IS NOT NULL
"""

# One statement, and so one commit, ends a job and takes the next.
_FINISH_AND_CLAIM = f"""
    WITH RECURSIVE finished AS (
        UPDATE {_TABLE}
        SET finished_at = statement_timestamp(), updated_at = statement_timestamp(), error = NULL
        WHERE {MINE}
        RETURNING id
    ), {HEADS}, candidate AS MATERIALIZED (
        SELECT first.id, first.lock_keys, first.job_class, first.lock_keys IS NULL AND NOT EXISTS (
            SELECT FROM background_job_pauses AS pause
            WHERE pause.kind = 'job_class' AND pause.name = first.job_class
        ) AS is_free
        FROM (
            SELECT * FROM (
                SELECT *, %(oldest_first)s::bool
                    AND run_after < statement_timestamp() - %(starved_after)s::interval AS is_starved
                FROM head
            ) AS head
            ORDER BY is_starved DESC, CASE WHEN NOT is_starved THEN priority END, run_after, id
        ) AS head CROSS JOIN LATERAL (
            SELECT id, lock_keys, job_class FROM {_TABLE}
            WHERE {RUNNABLE} AND queue_name = head.queue_name AND priority = head.priority
                AND (%(job_class)s::text IS NULL OR job_class = %(job_class)s::text)
            ORDER BY run_after, id LIMIT 1
            FOR UPDATE SKIP LOCKED
        ) AS first
        LIMIT 1
    ), claimed AS (
        UPDATE {_TABLE} AS job
        SET performed_at = statement_timestamp(), updated_at = statement_timestamp(),
            attempts = attempts + 1, claimed_by = %(cluster)s::uuid, worker_pid = %(pid)s::int
        FROM candidate
        WHERE job.id = candidate.id AND candidate.is_free
        RETURNING job.*
    )
    SELECT EXISTS (SELECT FROM finished), candidate.id, candidate.job_class, candidate.lock_keys, {_COLUMNS}
    FROM (SELECT) AS one LEFT JOIN candidate ON true LEFT JOIN claimed ON true
"""  # noqa: S608 -- only names of our own


@dataclass(frozen=True, slots=True)
class Claim:
    """The next job, if there is one; and whether the one before was still this worker's to finish."""

    job: BackgroundJob | None
    finished: bool = False


def claim_next(worker: Worker, scope: Scope = EVERYTHING) -> BackgroundJob | None:
    """Take the first runnable job: smallest priority, then longest due. Counts the attempt."""
    return finish_and_claim_next(None, worker, scope).job


def finish_and_claim_next(done: BackgroundJob | None, worker: Worker, scope: Scope = EVERYTHING) -> Claim:
    """Record that a job succeeded, if there was one, and take the next."""
    finished = False
    while True:
        params = {
            "done": done.pk if done else None,
            "done_attempts": done.attempts if done else None,
            "cluster": worker.cluster_id,
            "pid": worker.pid,
            "oldest_first": random.random() < OLDEST_FIRST,  # noqa: S311 -- spreads work, guards nothing
            "starved_after": conf.starved_after(),
            **scope.params(),
        }
        with prepared(_FINISH_AND_CLAIM, params) as cursor:
            row = cursor.fetchone()
        assert row
        finished, done = finished or row[0], None
        candidate, job_class, lock_keys, *values = row[1:]
        if candidate is None:
            return Claim(None, finished)
        if values[0] is not None:
            return Claim(_load(values), finished)
        # It has lock keys, or its class is paused: take it or put it aside, so that nobody meets it again.
        if lock_keys and holds.claim_with_lock_keys(candidate, lock_keys, job_class, worker):
            return Claim(BackgroundJob.objects.get(pk=candidate), finished)
        holds.hold_paused_class(job_class)


def has_work(scope: Scope) -> bool:
    """Is there a job that a worker of this scope could start now?"""
    sql = f"WITH RECURSIVE {HEADS} SELECT EXISTS (SELECT FROM head)"  # noqa: S608 -- as above
    with prepared(sql, scope.params()) as cursor:
        row = cursor.fetchone()
    return bool(row and row[0])


def _load(values: list[Any]) -> BackgroundJob:
    decoded = [json.loads(value) if index in _JSON else value for index, value in enumerate(values)]
    return BackgroundJob.from_db(connection.alias, _NAMES, decoded)
