"""The one way in which tests wait: for a condition, for as long as the slowest machine may need."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.db import connection

# Seconds after which something is wrong, on however busy a machine; a test that passes never waits so long.
PATIENCE = 300.0


def wait_until(condition: Callable[[], object], seconds: float = PATIENCE, what: str = "") -> None:
    """Raises AssertionError when it does not come true. Give seconds only to wait for longer."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"waited {seconds} s in vain: {what or condition}"
        time.sleep(0.05)


def wait_until_blocked(what: str = "somebody to wait for a lock") -> None:
    """Until another connection to the test's database waits for what this one holds."""
    wait_until(_somebody_waits, what=what)


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        # What was seen first is otherwise seen until the end of the transaction.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone() is not None
