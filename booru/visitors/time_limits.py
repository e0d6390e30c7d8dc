"""How long a request may take, and each statement that it sends to the database.

PostgreSQL itself ends a statement at its limit, whatever becomes of this process or of the client. The limit
travels with the statement, as a `SET LOCAL` in front of it: that costs no round trip, and nothing is left on
the connection for whoever uses it next, be that another request, a job, or another client of PgBouncer.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from django.db import OperationalError, connection
from psycopg import ClientCursor
from psycopg.errors import QueryCanceled
from psycopg.pq import TransactionStatus

from jobs.engine.context import current_job

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Execute = Callable[..., Any]

# A statement that has less time left is not worth sending.
_SHORTEST = 0.005
# When time is up, what belongs to the answer is still sent, such as the session that is saved with it.
_LAST_STATEMENTS = 1.0
# They clear away what went wrong, and a transaction that is broken takes nothing else.
_OF_SAVEPOINTS = ("SAVEPOINT ", "RELEASE SAVEPOINT ", "ROLLBACK TO SAVEPOINT ")
_NO_LIMIT = "DEFAULT"


class QueryTimedOut(OperationalError):
    def __init__(self) -> None:
        super().__init__("The database timed out running your query.")


class TimeLimit:
    """Seconds for each statement, and `total` seconds for everything from now on; None is no limit.

    `spent` is how many seconds the statements have taken.
    """

    def __init__(self, statement: float | None, total: float | None = None) -> None:
        self.statement = statement
        self.spent = 0.0
        self._until = None if total is None else time.monotonic() + total
        self._job = current_job()
        self._is_up = False

    def left(self) -> float | None:
        """Seconds that the next statement may take. Raises QueryTimedOut when time is up."""
        if current_job() is not self._job:
            # A job that is performed inside takes as long as it takes, and that does not count either.
            self._until = None
            return None
        if self._until is None:
            return self.statement
        left = self._until - time.monotonic()
        if left < _SHORTEST:
            if not self._is_up:
                self._is_up = True
                self._until = time.monotonic() + _LAST_STATEMENTS
            raise QueryTimedOut
        return min(left, self.statement or left)

    def spend(self, seconds: float) -> None:
        if current_job() is self._job:
            self.spent += seconds


_limits: ContextVar[tuple[TimeLimit, ...]] = ContextVar("time_limits", default=())


@contextmanager
def time_limited(limit: TimeLimit) -> Iterator[None]:
    """What is sent to the database inside the block keeps to the limit, and to those of blocks around it.

    A statement that is ended raises QueryTimedOut.
    """
    around = _limits.get()
    token = _limits.set((*around, limit))
    try:
        if around:
            yield
            return
        with connection.execute_wrapper(_execute):
            yield
        # Where the transaction goes on, as it does in tests.
        if connection.in_atomic_block:
            _set_limit(_NO_LIMIT)
    finally:
        _limits.reset(token)


def check_time() -> None:
    """For work that is long without asking the database: raises QueryTimedOut when time is up."""
    for limit in _limits.get():
        limit.left()


def is_timeout(error: BaseException | None) -> bool:
    """Whether this is the end of a statement at its limit."""
    return isinstance(error, QueryTimedOut) or (
        isinstance(error, OperationalError) and isinstance(error.__cause__, QueryCanceled)
    )


def _execute(execute: Execute, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    started = time.perf_counter()
    try:
        return _execute_limited(execute, sql, params, many, context)
    finally:
        seconds = time.perf_counter() - started
        for limit in _limits.get():
            limit.spend(seconds)


def _execute_limited(execute: Execute, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if isinstance(sql, str) and sql.startswith(_OF_SAVEPOINTS):
        return execute(sql, params, many, context)
    seconds = _seconds_left()
    if seconds is None and not connection.in_atomic_block:
        return execute(sql, params, many, context)
    value = _NO_LIMIT if seconds is None else str(max(int(seconds * 1000), 1))
    cursor = context["cursor"].cursor
    try:
        if many or not isinstance(sql, str) or not isinstance(cursor, ClientCursor):
            return _execute_apart(value, execute, sql, params, many, context)
        result = execute(f"SET LOCAL statement_timeout TO {value}; {sql}", params, many, context)
    except OperationalError as error:
        if is_timeout(error):
            raise QueryTimedOut from error.__cause__
        raise
    cursor.nextset()
    return result


def _seconds_left() -> float | None:
    left = [limit.left() for limit in _limits.get()]
    return min((seconds for seconds in left if seconds is not None), default=None)


def _execute_apart(value: str, execute: Execute, *statement: Any) -> Any:
    """For what is not one message of text: many rows, or a cursor of the database's."""
    if connection.in_atomic_block or not connection.get_autocommit():
        _set_limit(value)
        return execute(*statement)
    with connection.wrap_database_errors, connection.connection.transaction():
        _set_limit(value)
        return execute(*statement)


def _set_limit(value: str) -> None:
    """For the rest of the transaction."""
    raw = connection.connection
    if raw is None or raw.closed or raw.info.transaction_status == TransactionStatus.INERROR:
        return
    with raw.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout TO {value}")
