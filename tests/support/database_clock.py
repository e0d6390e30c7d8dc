"""Lets the database's clock stand still, so that no test depends on how long its requests take."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.utils import timezone


def stand_still(at: datetime | None = None) -> None:
    """From now on, and until the test's transaction is rolled back, every statement begins at this moment.

    A schema that is searched before PostgreSQL's own hides the real functions.
    """
    moment = (at or timezone.now()).isoformat()
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA IF NOT EXISTS still")
        for name in ("statement_timestamp", "clock_timestamp", "now"):
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION still.{name}() RETURNS timestamptz LANGUAGE sql STABLE "
                f"AS $$ SELECT '{moment}'::timestamptz $$"
            )
        cursor.execute("SET LOCAL search_path = still, public, pg_catalog")
