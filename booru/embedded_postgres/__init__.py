"""Where the database is: DATABASE_URL, or an embedded PostgreSQL that starts when it is needed.

To be read in this order: address, starting; server, cluster_folder, account, programs, processes; borrowing
(a server for as long as a command runs), errors. Settings import this package, so it is cheap and starts
nothing.
"""

from booru.embedded_postgres.address import database_url

__all__ = ["database_url"]
