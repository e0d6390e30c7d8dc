"""A connection to the database beside Django's own, with the same settings; whoever opens it closes it."""

from __future__ import annotations

from typing import Any

import psycopg
from django.db import connection


def connect() -> psycopg.Connection[Any]:
    """In autocommit, with cursors that put the parameters into the text. Raises psycopg.Error."""
    options = {**connection.get_connection_params(), "cursor_factory": psycopg.ClientCursor}
    options.pop("context", None)
    return psycopg.connect(**options, autocommit=True)
