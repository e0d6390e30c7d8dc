"""A benchmark has a server, whether somebody names one or not."""

import os

import psycopg
import pytest

from benchmarks.support.server import database_of, lent_server
from tests.support.newcomer import newcomer


def test_without_an_address_a_server_is_started_and_named(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)

    with lent_server(is_temporary=True) as server:
        assert "PostgreSQL" in server.describe()
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)

    assert "DATABASE_URL" not in os.environ


def test_a_database_of_its_own_goes_afterwards():
    with lent_server(is_temporary=True) as server:
        ours = os.environ["DATABASE_URL"]
        with database_of(server, "test") as url, psycopg.connect(url) as connection:
            assert os.environ["DATABASE_URL"] == url
            assert connection.info.dbname == f"danbooru_jobs_test_{os.getpid()}"

        assert os.environ["DATABASE_URL"] == ours
        with pytest.raises(psycopg.OperationalError, match="does not exist"):
            psycopg.connect(url)


def test_what_cannot_be_done_ends_it_with_one_line(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://nobody@127.0.0.1:1/nothing")

    with pytest.raises(SystemExit, match="does not do what the benchmark needs"), lent_server() as server:
        server.describe()


@pytest.mark.acceptance
def test_a_lent_server_is_lent_on_to_what_the_command_starts(tmp_path):
    """Or a command that asks for a server would start itself again, and again."""
    lend = "python manage.py postgres run sh -c"
    with newcomer(tmp_path) as person:
        outer, inner = person.types(
            f"""{lend} 'echo "$DATABASE_URL"; {lend} "echo \\$DATABASE_URL"'"""
        ).splitlines()

        assert outer == inner
        assert outer.startswith("postgresql://")
        assert "Not running" in person.types("python manage.py postgres status", code=1)
