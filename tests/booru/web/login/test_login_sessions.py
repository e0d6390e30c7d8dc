import pytest

from booru.models import LoginSession
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db
Status = LoginSession.Status


@pytest.fixture
def logged_in(browser):
    """A function that gives a browser in which the user really logged in."""

    def log_in(user, **extra):
        client = browser()
        client.post("/session", {"session[name]": user.name, "session[password]": "password"}, **extra)
        return client

    return log_in


def statuses():
    return list(LoginSession.objects.order_by("pk").values_list("status", flat=True))


def test_one_sees_where_one_is_logged_in(logged_in, member):
    phone = {"User-Agent": "Mozilla/5.0 (Android 14; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0"}
    logged_in(member, REMOTE_ADDR="8.8.8.8", headers=phone)
    logged_in(UserFactory(), REMOTE_ADDR="9.9.9.9")
    page = logged_in(member).get("/login_sessions").content.decode()
    assert "Firefox on Android" in page
    assert "8.8.8.8" in page
    assert "9.9.9.9" not in page
    assert page.count("this one") == 1


def test_programs_get_the_list_without_what_logs_in(logged_in, member):
    logged_in(member)
    client = logged_in(member)
    records = client.get("/login_sessions.json").json()
    assert [(record["status"], record["is_current"]) for record in records] == [
        ("active", True),
        ("active", False),
    ]
    assert set(records[0]) == {
        *("id", "created_at", "updated_at", "user_id", "session_id", "last_seen_at", "status", "is_current")
    }


def test_ended_ones_come_last_and_are_found(logged_in, member):
    client = logged_in(member)
    ended = LoginSession.objects.create(user=member, status=Status.REVOKED)
    assert client.get("/login_sessions.json").json()[-1]["id"] == ended.pk
    found = client.get("/login_sessions.json", {"search[status]": "revoked"}).json()
    assert [record["id"] for record in found] == [ended.pk]


def test_another_browser_is_logged_out(logged_in, member):
    other, client = logged_in(member), logged_in(member)
    first = LoginSession.objects.earliest("pk")
    response = client.post(f"/login_sessions/{first.pk}", {"_method": "delete"}, follow=True)
    assert "Login session revoked" in response.content.decode()
    assert statuses() == [Status.REVOKED, Status.ACTIVE]
    assert other.get("/settings").status_code == 302
    assert client.get("/settings").status_code == 200


def test_this_browser_logs_out(logged_in, member):
    client = logged_in(member)
    response = client.post(
        f"/login_sessions/{LoginSession.objects.get().pk}", {"_method": "delete"}, follow=True
    )
    assert "You are now logged out" in response.content.decode()
    assert statuses() == [Status.LOGGED_OUT]
    assert client.get("/settings").status_code == 302


def test_all_others_are_logged_out(logged_in, member):
    others = [logged_in(member), logged_in(member)]
    stranger, client = logged_in(UserFactory()), logged_in(member)
    response = client.post("/login_sessions/revoke_others", follow=True)
    assert "All other login sessions revoked" in response.content.decode()
    assert "Revoke all others" not in response.content.decode()
    assert statuses() == [Status.REVOKED, Status.REVOKED, Status.ACTIVE, Status.ACTIVE]
    assert [browser.get("/settings").status_code for browser in (*others, stranger, client)] == [
        302,
        302,
        200,
        200,
    ]


def test_nobody_ends_another_s(browser, logged_in, member, admin):
    logged_in(member)
    session = LoginSession.objects.get()
    for client in (browser(), browser(UserFactory()), browser(admin)):
        assert client.delete(f"/login_sessions/{session.pk}.json").status_code == 403
    session.refresh_from_db()
    assert session.is_active
