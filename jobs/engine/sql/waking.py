"""Telling clusters that wait that there is work."""

from __future__ import annotations

from django.db import connection

from jobs.engine.sql import statement

_NOTIFY = statement("wake", "notify")


def wake_workers() -> None:
    """Tell waiting clusters, when this transaction commits, that there is work."""
    with connection.cursor() as cursor:
        cursor.execute(_NOTIFY)
