"""Taking jobs from the table.

Each pair of queue and priority is a lane, in which jobs wait in the order of their time. A claim looks at the
head of each lane that is open to this worker and takes the best: so neither a million waiting jobs of another
queue nor a million scheduled ones are ever read. Times are the database's own.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg.rows import TupleRow

from jobs.engine import conf
from jobs.engine.models import BackgroundJob
from jobs.engine.models.sql import RUNNABLE, WAITING, prepared
from jobs.engine.queue import holds, results
from jobs.engine.queue.places import NO_PLACE, Place

# How often a job that has been due for JOBS_STARVED_AFTER goes before those of better priority.
OLDEST_FIRST = 0.1
# Jobs that may not start yet that one claim meets and puts aside before it gives up for now.
PUT_ASIDE_AT_ONCE = 1000
# Seconds that a worker goes by the lanes that it knows; a job in a new lane waits as long, at most.
LANES_GOOD_FOR = 0.25

_TABLE = BackgroundJob._meta.db_table
_FIELDS = BackgroundJob._meta.concrete_fields
_NAMES = [field.attname for field in _FIELDS]
_COLUMNS = ", ".join(f"claimed.{field.column}" for field in _FIELDS)
_LANE_TYPES = {"queue_name": "text", "priority": "int", "since": "timestamptz"}
_JSON = {index for index, field in enumerate(_FIELDS) if field.get_internal_type() == "JSONField"}


# WITH RECURSIVE … Each pair of queue and priority that has waiting jobs, one look into the index for each.
LANES = f"""
    lane AS (
        (SELECT queue_name, priority FROM {_TABLE} WHERE {WAITING} ORDER BY queue_name, priority LIMIT 1)
        UNION ALL
        SELECT following.queue_name, following.priority FROM lane CROSS JOIN LATERAL (
            SELECT queue_name, priority FROM {_TABLE}
            WHERE {WAITING} AND (queue_name, priority) > (lane.queue_name, lane.priority)
            ORDER BY queue_name, priority LIMIT 1
        ) AS following
    )
"""  # noqa: S608 -- only names of our own


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

    @property
    def open_lanes(self) -> str:
        """Which lanes are open, in SQL. Only what is asked for: it is planned once and for all."""
        conditions = {
            "lane.queue_name = %(queue)s::text": self.queue_name is not None,
            "lane.queue_name <> ALL (%(closed)s::text[])": self.closed_queues,
            "lane.priority >= %(min_priority)s::int": self.min_priority is not None,
            "lane.priority <= %(max_priority)s::int": self.max_priority is not None,
        }
        return "".join(f" AND {condition}" for condition, is_asked in conditions.items() if is_asked)

    @property
    def jobs(self) -> str:
        """Which jobs of a lane, in SQL."""
        return RUNNABLE + (" AND job_class = %(job_class)s::text" if self.job_class else "")


EVERYTHING = Scope()


class Lanes:
    """The open lanes in which jobs are due, as a worker knows them.

    The first claim finds them on the way. A worker that goes on then looks again every LANES_GOOD_FOR
    seconds, and when it finds nothing, and claims in between from where each lane began. So it does not walk,
    for each job, over what was claimed since the last vacuum of the table: on a busy day that is tens of
    thousands of dead index entries.
    """

    def __init__(self, scope: Scope = EVERYTHING, place: Place = NO_PLACE) -> None:
        self.scope = scope
        self.place = place
        self._known_until = float("-inf")
        self._is_first = True
        self._known: list[tuple[Any, ...]] = []
        self._limited: frozenset[str] = frozenset()
        self._view = View(scope, None, {})
        self.count: int | None = None

    def prepare(self) -> bool:
        """Before a claim: look, if it is time to. Is what is known now of this moment?"""
        if self._is_first:
            self._is_first = False
            return True
        if time.monotonic() <= self._known_until:
            return False
        self.look()
        return True

    def forget(self) -> None:
        """Look again before the next claim."""
        self._known_until = float("-inf")

    def look(self) -> None:
        """Find the lanes."""
        with prepared(_lanes_statement(self.scope), self.scope.params()) as cursor:
            self._known = cursor.fetchall()
        self._limited = self.place.limited & {queue for queue, *_ in self._known}
        self._view = _view(self.scope, self._known)
        self.count = len(self._known)
        self._known_until = time.monotonic() + LANES_GOOD_FOR

    def reserve(self) -> View:
        """The lanes in which there is a place for another job of this worker's, which is reserved."""
        if self.count is None:
            full = self.place.reserve(self.place.limited)
            closed = self.scope.closed_queues + full
            return View(replace(self.scope, closed_queues=closed), None, {}) if full else self._view
        if not (full := self.place.reserve(self._limited)):
            return self._view
        return _view(self.scope, [lane for lane in self._known if lane[0] not in full])


@dataclass(frozen=True, slots=True)
class View:
    """The lanes that one claim looks into; `count` is None when it finds them on the way."""

    scope: Scope
    count: int | None
    params: dict[str, Any]


def _view(scope: Scope, lanes: Sequence[tuple[Any, ...]]) -> View:
    if len(lanes) == 1:
        return View(scope, 1, dict(zip(("queue_name", "priority", "since"), lanes[0], strict=True)))
    columns = map(list, zip(*lanes, strict=True))
    return View(scope, len(lanes), dict(zip(("queue_names", "priorities", "sinces"), columns, strict=False)))


def _lanes(scope: Scope) -> str:
    """Each open lane with its job that is due longest."""
    return f"""
        WITH RECURSIVE {LANES}
        SELECT lane.queue_name, lane.priority, first.run_after, first.id FROM lane CROSS JOIN LATERAL (
            SELECT run_after, id FROM {_TABLE}
            WHERE {scope.jobs} AND queue_name = lane.queue_name AND priority = lane.priority
            ORDER BY run_after, id LIMIT 1
        ) AS first
        WHERE NOT EXISTS (
            SELECT FROM background_job_pauses AS pause
            WHERE pause.kind = 'queue' AND pause.name = lane.queue_name
        ){scope.open_lanes}
    """  # noqa: S608 -- only names of our own


@cache
def _lanes_statement(scope: Scope) -> str:
    columns = "queue_name, priority, run_after::text"
    return f"SELECT {columns} FROM ({_lanes(scope)}) AS lane"  # noqa: S608 -- as above


@cache
def _claim_statement(scope: Scope, lanes: int | None, *, finishes: bool, oldest_first: bool) -> str:
    """One statement, and so one commit, ends a job and takes the next.

    `lanes`: how many are known; None to find them on the way.
    """
    finish = f"""
        UPDATE {_TABLE}
        SET finished_at = statement_timestamp(), updated_at = statement_timestamp(), error = NULL
        WHERE id = %(done)s::uuid AND attempts = %(done_attempts)s::int AND claimed_by = %(cluster)s::uuid
            AND worker_pid = %(pid)s::int AND finished_at IS NULL
        RETURNING id
    """  # noqa: S608 -- only names of our own
    order = "priority, run_after, id"
    if oldest_first:
        starved = "run_after < statement_timestamp() - %(starved_after)s::interval"
        order = f"{starved} DESC, CASE WHEN NOT {starved} THEN priority END, run_after, id"
    first = f"""
        SELECT id, lock_keys, job_class FROM {_TABLE}
        WHERE {scope.jobs} AND queue_name = lane.queue_name AND priority = lane.priority
            AND run_after >= lane.since
        ORDER BY run_after, id LIMIT 1
        FOR UPDATE SKIP LOCKED
    """  # noqa: S608 -- only names of our own
    if lanes == 1:
        for name in ("queue_name", "priority", "since"):
            first = first.replace(f"lane.{name}", f"%({name})s::{_LANE_TYPES[name]}")
    else:
        known = f"""
            SELECT lane.queue_name, lane.priority, head.run_after, head.id FROM unnest(
                %(queue_names)s::text[], %(priorities)s::int[], %(sinces)s::text[]::timestamptz[]
            ) AS lane (queue_name, priority, since) CROSS JOIN LATERAL (
                SELECT run_after, id FROM {_TABLE}
                WHERE {scope.jobs} AND queue_name = lane.queue_name AND priority = lane.priority
                    AND run_after >= lane.since
                ORDER BY run_after, id LIMIT 1
            ) AS head
        """  # noqa: S608 -- only names of our own
        first = f"""
            SELECT first.* FROM (
                SELECT queue_name, priority, run_after AS since
                FROM ({known if lanes else _lanes(scope)}) AS lane
                ORDER BY {order}
            ) AS lane CROSS JOIN LATERAL ({first}) AS first LIMIT 1
        """  # noqa: S608 -- only names of our own
    return f"""
        WITH finished AS ({finish if finishes else "SELECT WHERE false"}),
        candidate AS MATERIALIZED (
            SELECT first.id, first.lock_keys, first.job_class,
                COALESCE(cardinality(first.lock_keys), 0) = 0 AND NOT EXISTS (
                    SELECT FROM background_job_pauses AS pause
                    WHERE pause.kind = 'job_class' AND pause.name = first.job_class
                ) AS is_free
            FROM ({first}) AS first
        ), claimed AS (
            UPDATE {_TABLE} AS job
            SET performed_at = statement_timestamp(), updated_at = statement_timestamp(),
                attempts = attempts + 1, claimed_by = %(cluster)s::uuid, worker_pid = %(pid)s::int
            FROM candidate
            WHERE job.id = candidate.id AND candidate.is_free
            RETURNING job.*
        )
        SELECT EXISTS (SELECT FROM finished),
            candidate.id, candidate.job_class, candidate.lock_keys, {_COLUMNS}
        FROM (SELECT) AS one LEFT JOIN candidate ON true LEFT JOIN claimed ON true
    """  # noqa: S608 -- only names of our own


@dataclass(frozen=True, slots=True)
class Claim:
    """The next job, if there is one; and whether the one before was still this worker's to finish."""

    job: BackgroundJob | None
    finished: bool = False


def claim_next(worker: Worker, scope: Scope = EVERYTHING) -> BackgroundJob | None:
    """Take the first runnable job: smallest priority, then longest due. Counts the attempt."""
    return finish_and_claim_next(None, worker, Lanes(scope)).job


def finish_and_claim_next(done: BackgroundJob | None, worker: Worker, lanes: Lanes) -> Claim:
    """Record that a job succeeded, if there was one, and take the next."""
    queue = None
    try:
        claim = _finish_and_claim_next(done, worker, lanes)
        queue = claim.job.queue_name if claim.job else None
    finally:
        lanes.place.settle(queue)
    return claim


def _finish_and_claim_next(done: BackgroundJob | None, worker: Worker, lanes: Lanes) -> Claim:
    finished = False
    # Whom its end frees, the statement that ends it does not see yet.
    frees = bool(done and done.lock_keys)
    for _ in range(PUT_ASIDE_AT_ONCE):
        is_fresh = lanes.prepare()
        view = lanes.reserve()
        if view.count == 0 and not is_fresh:
            lanes.forget()
            continue
        if view.count == 0:
            finished, done = results.finish(done) if done else finished, None
            if not frees:
                return Claim(None, finished)
            frees = False
            lanes.forget()
            continue
        row = _finish_and_claim(done, worker, view)
        finished, done = finished or row[0], None
        candidate, job_class, lock_keys, *values = row[1:]
        if candidate is None:
            lanes.forget()
            if is_fresh and not frees:
                return Claim(None, finished)
            frees = False
        elif values[0] is not None:
            return Claim(_load(values), finished)
        # It has lock keys, or its class is paused: take it or put it aside, so that nobody meets it again.
        elif lock_keys and holds.claim_with_lock_keys(candidate, lock_keys, job_class, worker):
            return Claim(_read(candidate), finished)
        else:
            holds.hold_paused_class(job_class)
    return Claim(None, finished)


def _finish_and_claim(done: BackgroundJob | None, worker: Worker, view: View) -> TupleRow:
    statement = _claim_statement(
        view.scope,
        None if view.count is None else min(view.count, 2),
        finishes=done is not None,
        oldest_first=random.random() < OLDEST_FIRST,  # noqa: S311 -- spreads work, guards nothing
    )
    params = {
        "done": done.pk if done else None,
        "done_attempts": done.attempts if done else None,
        "cluster": worker.cluster_id,
        "pid": worker.pid,
        "starved_after": conf.starved_after(),
        **view.scope.params(),
        **view.params,
    }
    with prepared(statement, params) as cursor:
        row = cursor.fetchone()
    assert row
    return row


def has_work(scope: Scope) -> bool:
    """Is there a job that a worker of this scope could start now?"""
    lanes = Lanes(scope)
    lanes.look()
    return bool(lanes.count)


def _load(values: list[Any]) -> BackgroundJob:
    wrong, decoded = "", list(values)
    for index in _JSON:
        try:
            decoded[index] = json.loads(values[index])
        except (ValueError, RecursionError) as error:
            decoded[index], wrong = {}, f"its {_NAMES[index]} cannot be read: {error}"
    job = BackgroundJob.from_db(connection.alias, _NAMES, decoded)
    job.unreadable = wrong
    return job


def _read(job_id: UUID) -> BackgroundJob:
    """The claimed job, whose row may be more than Python reads; such a value comes as text."""
    job = BackgroundJob.objects.get(pk=job_id)
    for name in ("arguments", "context", "options"):
        if isinstance(getattr(job, name), str):
            setattr(job, name, {})
            job.unreadable = f"its {name} cannot be read"
    return job
