"""The database's clock, by which all times are."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from jobs.engine.sql import statement

_NOW = statement("clocks", "now")


def database_now() -> datetime:
    """What time it is there."""
    with connection.cursor() as cursor:
        cursor.execute(_NOW)
        now: datetime = cursor.fetchone()[0]
        return now
