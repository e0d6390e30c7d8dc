"""The one way in which a benchmark gets a PostgreSQL, with DATABASE_URL set or without.

A script enters one of these in its main(), and runs as long as the block does. Nothing is started again under
`manage.py postgres run`: the server is lent to this very process, so nothing can start itself for ever.

    with site_database("soak", LOG_LEVEL="WARNING") as url:  # an empty site; its settings' variables
        measure(url)  # what is started here uses that database, too

`lent_server()` gives the server alone, for those who make their databases themselves. What uses Django's
models is imported inside of the block, because settings are read once.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from urllib.parse import urlsplit

import psycopg

from benchmarks.support.databases import Server, server_address
from booru.embedded_postgres.borrowing import lent_address
from booru.embedded_postgres.errors import PostgresUnavailable
from booru.embedded_postgres.server import Server as OwnServer
from booru.secret_key import key_to_lend
from jobs.engine.insight.long_work import shown_on


@contextmanager
def lent_server(*, is_temporary: bool = False, is_quiet: bool = False) -> Iterator[Server]:
    """The server of DATABASE_URL; without one the project's own, or a fresh one that does not keep its data.

    DATABASE_URL names it inside of the block, for this process and those that it starts. What cannot be done
    and being told to stop end the script with one line, and leave no server behind. Unless it shall be quiet,
    `long_work()` is shown meanwhile.
    """
    key = key_to_lend(is_temporary=is_temporary)
    with (
        _ending_in_a_line(is_quiet=is_quiet),
        lent_address(is_temporary=is_temporary) as url,
        _environment(DATABASE_URL=url, SECRET_KEY=key),
    ):
        yield Server(server_address())


@contextmanager
def restartable_server(*, settings: str, is_quiet: bool = False, **variables: str) -> Iterator[OwnServer]:
    """A server of the script's own with the site's tables, to be stopped, killed and started as one likes."""
    with (
        _ending_in_a_line(is_quiet=is_quiet),
        # The address comes with the server; what reads the settings before wants one.
        _environment(
            DATABASE_URL="postgres:///none",
            SECRET_KEY=key_to_lend(is_temporary=True),
            DJANGO_SETTINGS_MODULE=settings,
            **variables,
        ),
    ):
        import_module("django").setup()
        with import_module("tests.chaos.own_server").own_server() as server:
            yield server


@contextmanager
def site_database(
    subject: str,
    *,
    settings: str = "booru.settings",
    is_temporary: bool = False,
    is_quiet: bool = False,
    **variables: str,
) -> Iterator[str]:
    """The address of a database of the script's own, with the site's tables in it; it goes with the block.

    DATABASE_URL and DJANGO_SETTINGS_MODULE name it and its settings, the variables are set, Django is set up.
    """
    with (
        lent_server(is_temporary=is_temporary, is_quiet=is_quiet) as server,
        database_of(server, subject) as url,
        _environment(DJANGO_SETTINGS_MODULE=settings, **variables),
    ):
        _migrate()
        yield url


@contextmanager
def database_of(server: Server, subject: str) -> Iterator[str]:
    """An empty database of the script's own on that server, which DATABASE_URL names meanwhile."""
    name = f"danbooru_jobs_{subject}_{os.getpid()}"
    with server.database(name):
        url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
        with _environment(DATABASE_URL=url):
            yield url


@contextmanager
def _ending_in_a_line(*, is_quiet: bool) -> Iterator[None]:
    """What cannot be done, and being told to stop, end the script with a line and its exit code."""
    before = signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    try:
        with shown_on(None if is_quiet else sys.stderr):
            yield
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    except PostgresUnavailable as error:
        sys.exit(str(error))
    except psycopg.Error as error:
        sys.exit(f"The database does not do what the benchmark needs: {error}")
    finally:
        signal.signal(signal.SIGTERM, before)


def _migrate() -> None:
    # Django is imported only now: before, it would read the settings of another database.
    import_module("django").setup()
    import_module("django.core.management").call_command("migrate", verbosity=0)
    import_module("django.db").connections.close_all()


@contextmanager
def _environment(**variables: str) -> Iterator[None]:
    before: Mapping[str, str | None] = {name: os.environ.get(name) for name in variables}
    os.environ |= variables
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
