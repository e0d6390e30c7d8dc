"""Finding out whether a pool between us and the database hands its connections on after each transaction.

Workers cannot live with that. A LISTEN, a prepared statement and a SET are the session's, and the session is
somebody else's at the next statement: they would not hear of jobs, break off in the middle of taking one, and
leave their settings to strangers.
"""

from __future__ import annotations

import selectors
import uuid

import psycopg
from psycopg import sql

from jobs.engine.connections.another import connect

# Seconds in which a notification comes where anybody listens. It takes milliseconds.
_HEARD_WITHIN = 5.0

POOLED = (
    "The database is reached through a pool that hands connections on after each transaction (PgBouncer with"
    " pool_mode = transaction, or the like). Workers listen for jobs, and would not hear of them there:"
    " give them the address of the database itself, or of a pool with pool_mode = session"
)


def keeps_sessions() -> bool:
    """Is a connection to the database a session of our own? Takes some milliseconds where it is.

    Asked of what matters: whether a connection that has said LISTEN hears a notification. Nothing is sent
    over it meanwhile, so no pool has a reason to pass one on. Raises psycopg.Error when the database is away.
    """
    channel = sql.Identifier(f"background_jobs_{uuid.uuid4().hex}")
    heard: list[psycopg.Notify] = []
    with connect() as listener:
        listener.add_notify_handler(heard.append)
        listener.execute(sql.SQL("LISTEN {}").format(channel))
        with connect() as speaker:
            speaker.execute(sql.SQL("NOTIFY {}").format(channel))
        _wait_for_input(listener)
        # However slow the machine: a session is told what it was to hear before it answers anything else.
        listener.execute("SELECT 1")
    return bool(heard)


def is_pooled() -> bool:
    """Is it known that workers cannot work here? While the database is away, it is not."""
    try:
        return not keeps_sessions()
    except psycopg.Error:
        return False


def _wait_for_input(listener: psycopg.Connection) -> None:
    with selectors.DefaultSelector() as selector:
        selector.register(listener, selectors.EVENT_READ)
        selector.select(_HEARD_WITHIN)
