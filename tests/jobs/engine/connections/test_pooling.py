"""Behind a pool that hands connections on after each transaction: what is told of it, and left on them."""

import psycopg
import pytest
from django.core.checks import Tags, run_checks
from django.db import connection

from booru.models import User
from booru.visitors.time_limits import TimeLimit, time_limited
from jobs.engine.connections import pooling
from jobs.engine.models import JobProgress
from jobs.engine.progress import Progress, Reporter
from jobs.engine.sql.prepared import prepared
from tests.jobs.engine.test_progress import running
from tests.support.pgbouncer import connected_through, needs_pgbouncer, pgbouncer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pool():
    """Two connections to the database; a client is given the one that was used last."""
    with pgbouncer("transaction", default_pool_size=2) as pool, connected_through(pool):
        yield pool


def test_a_connection_to_the_database_itself_is_a_session(monkeypatch):
    assert pooling.keeps_sessions()
    # However late the notification is.
    monkeypatch.setattr(pooling, "_HEARD_WITHIN", 0.0)
    assert all(pooling.keeps_sessions() for _ in range(20))
    assert not run_checks(tags=[Tags.database], databases=["default"])


def test_a_database_that_is_away_is_no_pool(monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")
    with pytest.raises(psycopg.OperationalError):
        pooling.keeps_sessions()
    assert not pooling.is_pooled()


@needs_pgbouncer
@pytest.mark.parametrize(("mode", "keeps"), [("session", True), ("transaction", False), ("statement", False)])
def test_a_pool_is_told_by_what_is_heard_through_it(mode, keeps):
    with pgbouncer(mode) as pool, connected_through(pool):
        assert pooling.keeps_sessions() is keeps
        told = run_checks(tags=[Tags.database], databases=["default"])
    assert [message.id for message in told] == ([] if keeps else ["jobs.W010"])


@needs_pgbouncer
@pytest.mark.parametrize("is_many", [True, False])
def test_a_time_limit_is_never_somebody_elses(pool, is_many):
    seen = []

    def look(execute, *statement):
        seen.append(pool.ask("SHOW statement_timeout"))
        return execute(*statement)

    with time_limited(TimeLimit(20)), connection.execute_wrapper(look):
        if is_many:
            with connection.cursor() as cursor:
                cursor.executemany("SELECT %s", [(1,), (2,)])
        else:
            list(User.objects.iterator())
    assert seen == [[("0",)]]


@needs_pgbouncer
def test_progress_leaves_nothing_behind(pool):
    reporter = Reporter(running())
    reporter.report(Progress(1, 2, "half"))
    reporter.close()
    assert JobProgress.objects.get().done == 1
    left = pool.ask("SELECT source FROM pg_settings WHERE name = 'synchronous_commit'")
    assert left != [("session",)]


@needs_pgbouncer
def test_nothing_is_prepared_where_the_settings_say_so(pool, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    for _ in range(5):
        with prepared("SELECT %(n)s::int", {"n": 1}) as cursor:
            assert cursor.fetchone() == (1,)
    assert pool.ask("SELECT count(*) FROM pg_prepared_statements") == [(0,)]
