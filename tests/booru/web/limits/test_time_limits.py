"""Requests that ask too much of the database, held against a real one."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client, override_settings

from booru.models import ApiKey, Level, Tag, User
from booru.visitors.time_limits import QueryTimedOut, TimeLimit, time_limited
from booru.web.limits.cost_limits import debts
from booru.web.limits.time_limits import statement_timeout
from jobs.engine.context import use_job
from jobs.engine.models import BackgroundJob
from tests.booru.web.slow_views import TellingJob, ask, limit_now
from tests.support.at_once import at_once
from tests.support.factories import TagFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

MESSAGE = "The database timed out running your query."
LIMITS = {"anonymous": 20.0, "gold": 40.0, "platinum": 60.0}
SHORT = {"anonymous": 0.2}


@pytest.fixture(autouse=True)
def limits(settings):
    settings.ROOT_URLCONF = "tests.booru.web.slow_views"
    settings.DANBOORU_STATEMENT_TIMEOUTS = LIMITS
    settings.DANBOORU_REQUEST_TIMEOUT = 0


@pytest.fixture
def short_limits(settings):
    settings.DANBOORU_STATEMENT_TIMEOUTS = SHORT


def browser(level=None):
    client = Client()
    if level is not None:
        client.force_login(UserFactory(level=level))
    return client


@pytest.mark.parametrize("address", ["/slow", "/slow_template"])
@pytest.mark.usefixtures("short_limits")
def test_a_statement_that_takes_too_long_is_a_page_that_says_so(address, caplog):
    response = browser().get(address)
    assert response.status_code == 503
    assert MESSAGE in response.content.decode()
    lines = [record for record in caplog.records if address in record.getMessage()]
    assert [(record.levelname, record.exc_info) for record in lines] == [("WARNING", None)]


@pytest.mark.usefixtures("short_limits")
def test_programs_are_told_in_json():
    response = browser().get("/slow.json")
    assert response.status_code == 503
    assert response.json() == {
        "success": False,
        "error": "ActiveRecord::QueryCanceled",
        "message": MESSAGE,
        "backtrace": [],
    }


@pytest.mark.parametrize("table", ["django_session", "users"])
def test_a_middleware_that_waits_too_long_is_answered_alike(table, caplog, settings):
    """Here, finding out who asks: somebody holds the session, or the users."""
    settings.DANBOORU_STATEMENT_TIMEOUTS = SHORT
    client = browser(Level.MEMBER)
    client.raise_request_exception = False
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        pages = [client.get("/slow"), client.get("/login"), client.get("/tags.json")]
    finally:
        other.close()
    assert [page.status_code for page in pages] == [503, 503, 503]
    assert pages[2].json()["error"] == "ActiveRecord::QueryCanceled"
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
    settings.DANBOORU_STATEMENT_TIMEOUTS = LIMITS
    assert client.get("/login").status_code == 200


@pytest.mark.parametrize(
    ("level", "milliseconds"),
    [
        (None, 20_000),
        (Level.RESTRICTED, 20_000),
        (Level.MEMBER, 20_000),
        (Level.GOLD, 40_000),
        (Level.PLATINUM, 60_000),
        (Level.BUILDER, 60_000),
        (Level.ADMIN, 60_000),
    ],
)
def test_the_limit_goes_by_level(level, milliseconds):
    response = browser(level).get("/tells_its_limit")
    assert response.json() == [milliseconds] * 3


def test_an_api_key_has_the_limit_of_its_user():
    user = UserFactory(level=Level.GOLD)
    _, key = ApiKey.objects.make(user)
    response = browser().get("/tells_its_limit", {"login": user.name, "api_key": key})
    assert response.json() == [40_000] * 3


def test_danboorus_limits_are_the_usual_ones():
    with override_settings():
        from booru import settings as usual

        assert usual.DANBOORU_STATEMENT_TIMEOUTS == {"anonymous": 3, "gold": 6, "platinum": 9}


def test_nothing_is_left_for_what_comes_after_the_request():
    for level in (None, Level.PLATINUM, Level.MEMBER):
        browser(level).get("/tells_its_limit")
        assert limit_now() == 0


def test_nothing_is_left_after_a_statement_that_was_ended(settings):
    settings.DANBOORU_STATEMENT_TIMEOUTS = SHORT
    browser().get("/slow")
    assert limit_now() == 0


@pytest.mark.django_db(transaction=False)
def test_nothing_is_left_inside_a_transaction_around_the_request():
    browser().get("/tells_its_limit")
    assert limit_now() == 0


@pytest.mark.usefixtures("short_limits")
def test_what_was_half_done_is_taken_back():
    assert browser().get("/half_done").status_code == 503
    assert not Tag.objects.filter(name="half_done").exists()


@pytest.mark.usefixtures("short_limits")
def test_waiting_for_a_lock_counts():
    TagFactory(name="locked")
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT FROM tags WHERE name = 'locked' FOR UPDATE")
        assert browser().get("/waits_for_a_lock").status_code == 503
    finally:
        other.close()
    assert not Tag.objects.filter(name="half_done").exists()


@pytest.mark.usefixtures("short_limits")
def test_the_server_stops_the_statement():
    browser().get("/slow")
    running = """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND state = 'active' AND query LIKE %s
    """
    assert ask(running, ["%SELECT pg_sleep(600)"]) == (0,)


@pytest.mark.parametrize("address", ["/many_statements", "/much_work", "/much_dtext"])
def test_a_request_of_much_that_is_short_ends_too(address, settings):
    settings.DANBOORU_REQUEST_TIMEOUT = 0.5
    assert browser().get(address).status_code == 503


def test_streams_are_limited():
    response = browser().get("/streams")
    assert b"".join(response.streaming_content) == b"begins 20000"
    assert limit_now() == 0


def test_cursors_of_the_databases_work():
    UserFactory()
    count = User.objects.count()
    assert browser().get("/counts_queries").content == str(2 * count).encode()
    assert limit_now() == 0


def test_a_job_has_no_limit_where_it_is_performed_at_once(settings):
    settings.JOBS_MODE = "inline"
    TellingJob.told.clear()
    response = browser().get("/performs_a_job")
    assert TellingJob.told == [0, 0]
    assert response.content == b"20000"


def test_the_time_that_such_a_job_took_does_not_count():
    with time_limited(TimeLimit(20, total=0)):
        with use_job(BackgroundJob()):
            assert limit_now() == 0
        assert limit_now() == 20_000


def test_other_threads_of_the_web_process_have_no_limit():
    """Those of JOBS_MODE=async."""
    limits = []
    with time_limited(TimeLimit(20)):
        at_once(lambda: limits.append(limit_now()))
    assert limits == [0]


def test_a_smaller_limit_inside_counts_and_ends():
    with time_limited(TimeLimit(30)):
        with pytest.raises(QueryTimedOut), time_limited(TimeLimit(0.05)):
            ask("SELECT pg_sleep(600)")
        with time_limited(TimeLimit(60)):
            assert limit_now() == 30_000
    assert limit_now() == 0


def test_no_limit_is_none():
    with override_settings(DANBOORU_STATEMENT_TIMEOUTS={"anonymous": 0}):
        assert statement_timeout(Level.OWNER) is None
    with time_limited(TimeLimit(None)):
        assert limit_now() == 0


def test_a_level_that_does_not_exist_is_told_at_the_start():
    with (
        override_settings(DANBOORU_STATEMENT_TIMEOUTS={"golden": 3}),
        pytest.raises(ImproperlyConfigured, match="'golden' is no level"),
    ):
        statement_timeout(Level.MEMBER)


def test_when_time_is_up_the_answer_may_still_be_saved():
    with time_limited(TimeLimit(10, total=0)):
        with pytest.raises(QueryTimedOut):
            ask("SELECT 1")
        assert ask("SELECT 1") == (1,)


@pytest.fixture
def cost_limits_on(settings):
    settings.DANBOORU_RATE_LIMITS = True
    settings.DANBOORU_COST_LIMITS = {"anonymous": 0.1}
    debts.clear()
    yield
    debts.clear()


@pytest.mark.usefixtures("cost_limits_on")
def test_a_statement_that_was_ended_is_paid_for(settings):
    settings.DANBOORU_STATEMENT_TIMEOUTS = {"anonymous": 0.6}
    client = browser()
    assert [client.get("/slow").status_code for _ in range(2)] == [503, 429]


@pytest.mark.usefixtures("cost_limits_on")
def test_who_owes_does_not_begin_elsewhere_what_is_dear():
    client = browser()
    client.get("/spends?seconds=60")
    assert client.get("/tells_its_limit").json() == [300, 300, 300]
    refused = client.get("/slow")
    assert (refused.status_code, "Retry-After" in refused) == (429, True)
