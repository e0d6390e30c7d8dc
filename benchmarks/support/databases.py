"""Databases of the benchmark's own, on the project's server; they go when it ends."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import environ
import psycopg
from psycopg import pq, sql

from booru.embedded_postgres import database_url

Address = Mapping[str, str]


def server_address() -> dict[str, str]:
    """The project's database in libpq's environment variables, which every driver understands."""
    config = environ.Env.db_url_config(database_url())
    values = {
        "host": config["HOST"],
        "port": str(config["PORT"]),
        "user": config["USER"],
        "password": config["PASSWORD"],
        "dbname": config["NAME"],
        **{name: str(value) for name, value in config.get("OPTIONS", {}).items()},
    }
    names = {
        option.keyword.decode(): option.envvar.decode()
        for option in pq.Conninfo.get_defaults()
        if option.envvar
    }
    return {names[name]: value for name, value in values.items() if value and name in names}


@dataclass(frozen=True)
class Server:
    """The PostgreSQL under all contenders."""

    address: Address

    @contextmanager
    def database(self, name: str) -> Iterator[Address]:
        """A database of that name, until the end of the block, whoever is still connected then."""
        identifier = sql.Identifier(name)
        with self._connect() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(identifier))
        try:
            with self._connect() as connection:
                connection.execute(
                    sql.SQL("ALTER DATABASE {} SET synchronous_commit = on").format(identifier)
                )
            yield {**self.address, "PGDATABASE": name}
        finally:
            with self._connect() as connection:
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(identifier))

    def describe(self) -> str:
        """Version and the settings that say whether a commit is on the disk."""
        with self._connect() as connection:
            fsync = _setting(connection, "fsync")
            text = (
                f"PostgreSQL {_setting(connection, 'server_version')}, synchronous_commit on, fsync {fsync}, "
                f"shared_buffers {_setting(connection, 'shared_buffers')}"
            )
        return text if fsync == "on" else f"{text}: NOT DURABLE, start the server with fsync on"

    def _connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(autocommit=True, **_parameters(self.address))


def child_environment(address: Address) -> dict[str, str]:
    """The environment of a process that shall use this database and nothing else."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    # manage.py starts the project's own server unless this is set; the benchmark's settings do not read it.
    return {**inherited, **address, "DATABASE_URL": "postgres:///"}


def _parameters(address: Address) -> dict[str, Any]:
    keywords = {
        option.envvar.decode(): option.keyword.decode()
        for option in pq.Conninfo.get_defaults()
        if option.envvar
    }
    return {keywords[name]: value for name, value in address.items()}


def _setting(connection: psycopg.Connection[Any], name: str) -> str:
    row = connection.execute(f"SHOW {name}").fetchone()
    return str(row[0]) if row else "?"
