"""SQL that several parts of the engine share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection
from psycopg.rows import TupleRow

# A job that waits and is not passed over; the partial index of the lanes holds these.
WAITING = "performed_at IS NULL AND finished_at IS NULL AND held IS NULL"
# A job that a worker could start now.
RUNNABLE = f"{WAITING} AND run_after <= statement_timestamp()"

CHANNEL = "background_jobs"


def wake_workers() -> None:
    """Tell waiting clusters, when this transaction commits, that there is work."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])


@contextmanager
def prepared(sql: str, params: Mapping[str, Any]) -> Iterator[psycopg.Cursor[TupleRow]]:
    """Execute a statement that the server plans once a connection, not once a call.

    Planning is most of the cost of a statement that runs thousands of times a second. Errors are Django's.
    """
    connection.ensure_connection()
    raw: psycopg.Connection[TupleRow] = connection.connection
    if raw.prepare_threshold is None:
        raw.prepare_threshold = 2  # Django's own cursors prepare nothing, whatever this says
    with connection.wrap_database_errors, psycopg.Cursor(raw) as cursor:
        cursor.execute(sql, params)
        yield cursor
