"""Transactions that a job left open, which must not swallow what the worker does next."""

from __future__ import annotations

from django.db import connections
from psycopg.pq import TransactionStatus

_OPEN = (TransactionStatus.ACTIVE, TransactionStatus.INTRANS, TransactionStatus.INERROR)


def roll_back_open_transactions() -> bool:
    """Close every connection with an open transaction, which takes it back; was there any?"""
    found = False
    for connection in connections.all(initialized_only=True):
        if connection.connection is None:
            continue
        raw = connection.connection
        is_in_block = connection.in_atomic_block or not connection.autocommit
        if is_in_block or raw.info.transaction_status in _OPEN:
            found = True
            # Without these, Django would keep the block open over the close.
            connection.in_atomic_block = connection.closed_in_transaction = False
            connection.close()
    return found
