"""Where the database is: DATABASE_URL, or the embedded PostgreSQL."""

import os


def database_url() -> str:
    """The URL of the database to use."""
    return os.environ["DATABASE_URL"]
