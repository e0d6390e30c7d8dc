"""What can go wrong with the embedded PostgreSQL."""


class PostgresUnavailable(Exception):
    """The embedded PostgreSQL cannot be had; the message tells a person what was wrong and what to do."""
