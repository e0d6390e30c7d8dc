"""SQL that several parts of the engine share."""

from django.db import connection

# A job that a worker could start now.
RUNNABLE = "performed_at IS NULL AND finished_at IS NULL AND run_after <= statement_timestamp()"

CHANNEL = "background_jobs"


def wake_workers() -> None:
    """Tell waiting clusters, when this transaction commits, that there is work."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])
