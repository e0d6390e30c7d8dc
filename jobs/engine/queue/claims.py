"""Taking jobs from the table: sql/claim.sql tells how. Times are the database's own."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg.rows import TupleRow

from jobs.engine import conf
from jobs.engine.models import BackgroundJob
from jobs.engine.queue import holds, results
from jobs.engine.queue.lanes import Lanes, LanesOfOneClass, View
from jobs.engine.queue.scope import EVERYTHING, Scope, Worker
from jobs.engine.sql.prepared import prepared

# How often a job that has been due for JOBS_STARVED_AFTER goes before those of better priority.
OLDEST_FIRST = 0.1
# Jobs that may not start yet that one claim meets and puts aside before it gives up for now.
PUT_ASIDE_AT_ONCE = 1000

_FIELDS = BackgroundJob._meta.concrete_fields
# In the order in which the statements return them.
_NAMES = [field.attname for field in _FIELDS]
_JSON = {index for index, field in enumerate(_FIELDS) if field.get_internal_type() == "JSONField"}


@dataclass(frozen=True, slots=True)
class Claim:
    """The next job, if there is one; and whether the one before was still this worker's to finish."""

    job: BackgroundJob | None
    finished: bool = False


def claim_next(worker: Worker, scope: Scope = EVERYTHING) -> BackgroundJob | None:
    """Take the first runnable job: smallest priority, then longest due. Counts the attempt."""
    return finish_and_claim_next(None, worker, Lanes(scope)).job


def claim_next_of(job_class: str, worker: Worker) -> BackgroundJob | None:
    """The same of one class, for tests."""
    return finish_and_claim_next(None, worker, LanesOfOneClass(job_class)).job


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
    oldest_first = random.random() < OLDEST_FIRST  # noqa: S311 -- spreads work, guards nothing
    params = {
        "done": done.pk if done else None,
        "done_attempts": done.attempts if done else None,
        "cluster": worker.cluster_id,
        "pid": worker.pid,
        "starved_after": conf.starved_after() if oldest_first else None,
        **view.params,
    }
    with prepared(view.statement, params) as cursor:
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
