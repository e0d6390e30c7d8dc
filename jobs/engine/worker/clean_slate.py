"""After each job its worker is as before: what the job changed in the session or the process is taken back.

Looking costs some microseconds. Only when something was changed does it cost more: the connection is closed,
which ends all that belongs to its session.
"""

from __future__ import annotations

import decimal
import threading
import weakref
from collections.abc import Callable
from contextvars import copy_context
from copy import deepcopy
from typing import Any, TypeVar

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from psycopg.pq import TransactionStatus

from jobs.engine.faults.engine_log import logger
from jobs.engine.worker import process_state, session_statements

A = TypeVar("A")
T = TypeVar("T")

# What the server reports by itself whenever it changes.
_REPORTED = (
    b"DateStyle",
    b"TimeZone",
    b"client_encoding",
    b"IntervalStyle",
    b"search_path",
    b"session_authorization",
    b"default_transaction_read_only",
    b"standard_conforming_strings",
)
_ATTRIBUTES = (
    "autocommit",
    "row_factory",
    "cursor_factory",
    "server_cursor_factory",
    "isolation_level",
    "read_only",
    "deferrable",
    "_pipeline",
)

# Of other threads, which end and leave theirs open.
_others: list[weakref.ref[BaseDatabaseWrapper]] = []


def watch_connections() -> None:
    """From now on, know what this process does to the sessions of its connections."""
    connection_created.connect(_watch, dispatch_uid="jobs.engine.clean_slate")


def watch_other_threads() -> None:
    """From now on, know the connections of the threads that jobs start; for a process that only runs jobs."""
    connection_created.connect(_watch_other_threads, dispatch_uid="jobs.engine.clean_slate.threads")


def remember() -> None:
    """How this process is now, is how it is to be after each job."""
    process_state.remember()


def apart(action: Callable[[A], T], argument: A) -> T:
    """Call it in a context of its own: what it activates (a time zone, a language, decimals) ends with it."""

    def act() -> T:
        decimal.setcontext(decimal.getcontext().copy())
        return action(argument)

    return copy_context().run(act)


def restore() -> bool:
    """Take back what a job changed; False when that is not possible."""
    try:
        restore_connections()
        _close_those_of_other_threads()
        process_state.restore()
    except Exception:
        logger.exception(
            "What a job changed cannot be taken back: another worker takes the place of this one"
        )
        return False
    return True


def restore_connections() -> None:
    """Close the connections of this thread whose session was changed."""
    for connection in connections.all(initialized_only=True):
        _restore_wrapper(connection)
        raw: Any = connection.connection
        before = getattr(raw, "jobs_before", None)
        if before is None or raw.closed:
            continue
        if connection.needs_rollback or session_statements.is_touched(raw) or _facts(raw) != before:
            connection.close()


def _restore_wrapper(connection: Any) -> None:
    """What Django keeps of it, by which it would be made again."""
    before = getattr(connection, "jobs_before", None)
    if before is None or _wrapper_facts(connection) == before:
        return
    wrappers, settings, connection.force_debug_cursor, connection._thread_sharing_count = before
    connection.execute_wrappers[:] = wrappers
    connection.settings_dict.clear()
    connection.settings_dict.update(deepcopy(settings))


def _wrapper_facts(connection: Any) -> tuple[Any, ...]:
    return (
        connection.execute_wrappers,
        connection.settings_dict,
        connection.force_debug_cursor,
        connection._thread_sharing_count,
    )


def _watch(connection: Any, **_: object) -> None:
    raw: Any = connection.connection
    if connection.vendor != "postgresql":
        return
    session_statements.watch(raw)
    raw.jobs_before = _facts(raw)
    if not hasattr(connection, "jobs_before"):
        wrappers, settings, *rest = _wrapper_facts(connection)
        connection.jobs_before = (list(wrappers), deepcopy(settings), *rest)


def _watch_other_threads(connection: BaseDatabaseWrapper, **_: object) -> None:
    if threading.current_thread() is not threading.main_thread():
        _others.append(weakref.ref(connection))


def _facts(raw: Any) -> tuple[Any, ...]:
    status, adapters = raw.pgconn.parameter_status, raw.adapters
    return (
        *(getattr(raw, name) for name in _ATTRIBUTES),
        *(status(name) for name in _REPORTED),
        # Those that its cursors share; to have another one, it makes copies of its own.
        *map(id, (*adapters._dumpers.values(), *adapters._loaders)),
        len(raw._notice_handlers),
    )


def _close_those_of_other_threads() -> None:
    """A thread that ends leaves its connection open, one that goes on has nothing to do after the job."""
    busy = []
    for reference in _others:
        connection = reference()
        raw: Any = connection.connection if connection is not None else None
        if raw is None or raw.closed:
            continue
        if raw.info.transaction_status == TransactionStatus.ACTIVE:
            busy.append(reference)  # in the middle of a statement: after the next job
        else:
            raw.close()
    _others[:] = busy
