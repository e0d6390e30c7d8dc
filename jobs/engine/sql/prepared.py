"""Statements that run thousands of times a second."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

import psycopg
from django.db import connection
from psycopg.rows import TupleRow, tuple_row
from psycopg.types.datetime import TimestamptzLoader


@contextmanager
def prepared(sql: str, params: Mapping[str, Any]) -> Iterator[psycopg.Cursor[TupleRow]]:
    """Execute a statement that is parsed and planned once a connection, not once a call.

    Planning is most of the cost of a statement that runs thousands of times a second. Errors are Django's.
    """
    connection.ensure_connection()
    raw: psycopg.Connection[TupleRow] = connection.connection
    # Who switches these off says that a pool hands connections on after each transaction.
    if raw.prepare_threshold is None and not connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
        raw.prepare_threshold = 2  # Django's own cursors prepare nothing, whatever this says
    text, names = numbered(sql)
    with connection.wrap_database_errors, psycopg.RawCursor(raw, row_factory=tuple_row) as cursor:
        # Django's own is written in Python, and takes off the time zone, which it then puts on again.
        cursor.adapters.register_loader("timestamptz", TimestamptzLoader)
        cursor.execute(text, [params[name] for name in names])
        yield cursor


@cache
def numbered(sql: str) -> tuple[bytes, list[str]]:
    """With $1 for the first name, as the server wants it, and the names in order."""
    names: list[str] = []

    def number(match: re.Match[str]) -> str:
        if match[1] not in names:
            names.append(match[1])
        return f"${names.index(match[1]) + 1}"

    text = re.sub(r"%\((\w+)\)s", number, sql)
    return re.sub(r"\s+", " ", text).encode(), names
