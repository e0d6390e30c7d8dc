import pytest

from booru.models import LoginSession, UserEvent
from booru.web.login.user_events import shorten_user_agent
from jobs.engine.context import session_digest
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db
Category = UserEvent.Category


def test_an_event_tells_where_it_came_from(browser):
    user = UserFactory()
    client = browser()
    fields = {"session[name]": user.name, "session[password]": "password"}
    client.post("/session", fields, REMOTE_ADDR="8.8.8.8", headers={"User-Agent": "Mozilla/5.0 Firefox/1"})
    event = UserEvent.objects.get()
    assert (event.user, event.category, event.category_name) == (user, Category.LOGIN, "login")
    assert (event.ip_addr, event.user_agent) == ("8.8.8.8", "Mozilla/5.0 Firefox/1")
    assert event.login_session == LoginSession.objects.get()
    assert event.session_id == session_digest(client.session.session_key) == event.login_session.session_id
    assert event.metadata == {}


def test_an_event_holds_no_credential(browser, member):
    client = browser()
    client.post("/session", {"session[name]": member.name, "session[password]": "password"})
    saved = repr(UserEvent.objects.values().get()) + repr(LoginSession.objects.values().get())
    assert client.session.session_key not in saved


def test_who_is_not_logged_in_has_no_session(browser, member):
    browser().post("/session", {"session[name]": member.name, "session[password]": "wrong"})
    event = UserEvent.objects.get()
    assert (event.category, event.session_id, event.login_session) == (Category.FAILED_LOGIN, "", None)


def test_the_login_session_is_that_of_the_event_s_user(browser, member):
    other = UserFactory()
    browser(member).post("/session", {"session[name]": other.name, "session[password]": "wrong"})
    assert UserEvent.objects.get().login_session is None


def test_the_proxy_may_tell_the_place(browser, member, settings):
    settings.DANBOORU_PLACE_HEADERS = {"city": "X-City", "region": "X-Region"}
    fields = {"session[name]": member.name, "session[password]": "password"}
    browser().post("/session", fields, headers={"X-City": "Kyoto" + "o" * 500})
    assert UserEvent.objects.get().metadata == {"city": ("Kyoto" + "o" * 500)[:100]}


def test_a_long_user_agent_is_cut_at_a_word():
    assert shorten_user_agent("a" * 800) == "a" * 800
    words = "abcd " * 200
    assert shorten_user_agent(words) == "abcd " * 158 + "abcd ..."
    assert shorten_user_agent("a" * 900) == "a" * 796 + " ..."
    assert len(shorten_user_agent("ab " * 400)) <= 800
    assert shorten_user_agent("a\0b") == "ab"
