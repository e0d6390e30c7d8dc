"""The limit: the same rows edited by one bare UPDATE, and their versions written by one bare INSERT."""

from __future__ import annotations

import time
from typing import Any

import psycopg

from benchmarks.bulk_updates.cases import Case

# So far apart are the numbers of the versions that the cases write: nothing else has them.
_VERSION_STEP = 1_000_000
_TAGGED = "string_to_array(tag_string, ' ') @> %s::text[]"
_VERSIONS = """
    INSERT INTO post_versions (
        post_id, version, updater_id, tags, added_tags, removed_tags, rating, source, parent_id_was,
        created_at, updated_at
    )
    SELECT id, %s, uploader_id, tag_string, %s, %s, rating, source, parent_id, now(), now()
    FROM posts JOIN benchmark_rows USING (id)
"""


def edit_plainly(case: Case, place: int, connection: psycopg.Connection[Any]) -> dict[str, Any]:
    """Edit the posts of the case's twin; place numbers the case."""
    tags = [case.twin, case.second_tag] if case.second_tag else [case.twin]
    connection.execute("DROP TABLE IF EXISTS benchmark_rows")
    connection.execute(f"CREATE TABLE benchmark_rows AS SELECT id FROM posts WHERE {_TAGGED}", [tags])
    wal, started = _wal(connection), time.monotonic()
    with connection.transaction():
        updated = connection.execute(
            f"UPDATE posts SET {case.plain}, updated_at = now() WHERE {_TAGGED}", [tags]
        )
        posts = updated.rowcount
        if case.writes_versions:
            version = _VERSION_STEP * (place + 1)
            connection.execute(_VERSIONS, [version, list(case.added), list(case.removed)])
    return {
        "posts": posts,
        "seconds": time.monotonic() - started,
        "wal": (_wal(connection) - wal) / posts,
    }


def _wal(connection: psycopg.Connection[Any]) -> int:
    row = connection.execute("SELECT pg_current_wal_insert_lsn() - '0/0'").fetchone()
    return int(row[0]) if row else 0
