"""Where the database is: DATABASE_URL, or an embedded PostgreSQL that starts when it is needed.

Settings import this package, so it is cheap and starts nothing; booru.database.embedded does the starting.
"""

from booru.database.address import database_url

__all__ = ["database_url"]
