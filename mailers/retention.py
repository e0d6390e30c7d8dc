"""Forgetting, after a while, what was sent to whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from mailers.models import SentMail, SentMailEvent

_AT_ONCE = 5000
# Each portion is a statement, and so a transaction, of its own: deliveries and reports never wait for it.
_PRUNE = f"""
    WITH old AS MATERIALIZED (
        SELECT id FROM {SentMail._meta.db_table}
        WHERE created_at < statement_timestamp() - %(older_than)s
        ORDER BY created_at LIMIT {_AT_ONCE}
        FOR UPDATE SKIP LOCKED
    ), events AS (
        DELETE FROM {SentMailEvent._meta.db_table} WHERE sent_mail_id IN (SELECT id FROM old)
    )
    DELETE FROM {SentMail._meta.db_table} WHERE id IN (SELECT id FROM old)
"""  # noqa: S608 -- only names of our own


def prune_sent_mail(older_than: timedelta | None = None) -> int:
    """Delete the records that are older than DANBOORU_SENT_MAIL_RETENTION_DAYS, or than given.

    Returns how many emails they were of.
    """
    if older_than is None:
        older_than = timedelta(days=settings.DANBOORU_SENT_MAIL_RETENTION_DAYS)
    count = 0
    params: dict[str, Any] = {"older_than": older_than}
    with connection.cursor() as cursor:
        while True:
            cursor.execute(_PRUNE, params)
            deleted = int(cursor.rowcount)
            count += deleted
            if deleted < _AT_ONCE:
                return count
