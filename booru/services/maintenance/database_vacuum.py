"""Vacuums the database (behaviour H.4)."""

from __future__ import annotations

import logging

from django.db import connection

logger = logging.getLogger("booru.maintenance")


def vacuum_database() -> None:
    """Make room and renew the planner's statistics, in all tables.

    PostgreSQL refuses that inside a transaction, so nothing is done when one is open.
    """
    if connection.in_atomic_block:
        logger.warning("Not vacuuming the database: a transaction is open")
        return
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
