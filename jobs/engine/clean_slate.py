"""After each job its worker is as before: what the job changed in the session or the process is taken back.

Looking costs some microseconds. Only when something was changed does it cost more: the connection is closed,
which ends all that belongs to its session.
"""

from __future__ import annotations

import decimal
import os
import re
import signal
import socket
import sys
import threading
import weakref
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from psycopg.pq import TransactionStatus

from jobs.engine.engine_log import logger

A = TypeVar("A")
T = TypeVar("T")

# Statements that change the session and not only data, as far as their text tells.
_SESSION = re.compile(
    r"(?:^|;)\s*(?:set(?!\s+(?:local|transaction|constraints)\b)|reset|(?:un)?listen|declare|prepare|load|do|call)\b"
    r"|\b(?:set_config|pg_(?:try_)?advisory_lock(?:_shared)?)\s*\("
    r"|\btemp(?:orary)?\b",
    re.IGNORECASE,
)
# Letters of a statement that are looked at.
_LOOKED_AT = 2000
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
    "row_factory",
    "cursor_factory",
    "server_cursor_factory",
    "isolation_level",
    "read_only",
    "deferrable",
)
_SIGNALS = (
    signal.SIGALRM,
    signal.SIGTERM,
    signal.SIGINT,
    signal.SIGHUP,
    signal.SIGCHLD,
    signal.SIGUSR1,
    signal.SIGUSR2,
    signal.SIGPIPE,
)

# Of other threads, which end and leave theirs open.
_others: list[weakref.ref[BaseDatabaseWrapper]] = []
_before: dict[str, tuple[Any, Callable[[], Any], Callable[[Any], Any]]] = {}


def watch_connections() -> None:
    """From now on, know what this process does to the sessions of its connections."""
    connection_created.connect(_watch, dispatch_uid="jobs.engine.clean_slate")


def watch_other_threads() -> None:
    """From now on, know the connections of the threads that jobs start; for a process that only runs jobs."""
    connection_created.connect(_watch_other_threads, dispatch_uid="jobs.engine.clean_slate.threads")


def remember() -> None:
    """How this process is now, is how it is to be after each job."""
    _before.clear()
    for number in _SIGNALS:
        _keep(f"the handler of {number.name}", partial(signal.getsignal, number), _handler_setter(number))
    _keep("the signal mask", _signal_mask, lambda mask: signal.pthread_sigmask(signal.SIG_SETMASK, mask))
    _keep("the working directory", _directory, os.chdir)
    _keep("the environment", lambda: dict(vars(os.environ)["_data"]), _set_environment)
    _keep("the sockets' time-out", socket.getdefaulttimeout, socket.setdefaulttimeout)
    _keep("the recursion limit", sys.getrecursionlimit, sys.setrecursionlimit)


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
        for what, (value, get, put) in _before.items():
            if get() != value:
                logger.warning("A job changed %s; it is as before again", what)
                put(value)
    except Exception:
        logger.exception(
            "What a job changed cannot be taken back: another worker takes the place of this one"
        )
        return False
    return True


def restore_connections() -> None:
    """Close the connections of this thread whose session was changed."""
    for connection in connections.all(initialized_only=True):
        raw: Any = connection.connection
        before = getattr(raw, "jobs_before", None)
        if before is None or raw.closed:
            continue
        wrappers, facts = before
        if connection.execute_wrappers != wrappers:
            connection.execute_wrappers[:] = wrappers
        if raw.jobs_touched or _facts(raw) != facts:
            connection.close()


def _watch(connection: BaseDatabaseWrapper, **_: object) -> None:
    raw: Any = connection.connection
    if connection.vendor != "postgresql":
        return
    raw.jobs_touched = False
    raw.cursor_factory = _noting(raw.cursor_factory)
    raw.jobs_before = (list(connection.execute_wrappers), _facts(raw))


def _watch_other_threads(connection: BaseDatabaseWrapper, **_: object) -> None:
    if threading.current_thread() is not threading.main_thread():
        _others.append(weakref.ref(connection))


def _facts(raw: Any) -> tuple[Any, ...]:
    status = raw.pgconn.parameter_status
    return (*(getattr(raw, name) for name in _ATTRIBUTES), *(status(name) for name in _REPORTED))


_classes: dict[type, type] = {}


def _noting(cursor_class: Any) -> type:
    """The class of cursors, that tells when a statement changes the session."""
    if cursor_class not in _classes:

        class NotingCursor(cursor_class):  # type: ignore[misc]
            def execute(self, query: Any, *args: Any, **kwargs: Any) -> Any:
                _note(self.connection, query)
                return super().execute(query, *args, **kwargs)

        _classes[cursor_class] = NotingCursor
    return _classes[cursor_class]


def _note(raw: Any, query: Any) -> None:
    if not raw.jobs_touched:
        text = query if isinstance(query, str) else _text(raw, query)
        raw.jobs_touched = _SESSION.search(text, 0, _LOOKED_AT) is not None


def _text(raw: Any, query: Any) -> str:
    if isinstance(query, bytes):
        return query.decode(errors="replace")
    text: str = query.as_string(raw)
    return text


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


def _keep(what: str, get: Callable[[], Any], put: Callable[[Any], Any]) -> None:
    _before[what] = (get(), get, put)


def _handler_setter(number: signal.Signals) -> Callable[[Any], Any]:
    def put(handler: Any) -> None:
        with suppress(TypeError):  # a handler that is not Python's
            signal.signal(number, handler)

    return put


def _signal_mask() -> set[Any]:
    return signal.pthread_sigmask(signal.SIG_BLOCK, ())


def _directory() -> str:
    try:
        return str(Path.cwd())
    except FileNotFoundError:
        return ""


def _set_environment(before: dict[bytes, bytes]) -> None:
    os.environb.clear()
    os.environb.update(before)
