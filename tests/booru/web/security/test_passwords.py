import re

import pyotp
import pytest

from booru.models import ApiKey, LoginSession, User, UserEvent
from tests.booru.web.login.test_sessions import log_in
from tests.support import database_clock
from tests.support.factories import UserFactory

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
Category = UserEvent.Category

pytestmark = pytest.mark.django_db


def change(client, user, old="password", password="new password", confirmation=None, **fields):
    confirmation = password if confirmation is None else confirmation
    values = {
        "old_password": old,
        "password": password,
        "password_confirmation": confirmation,
        **fields,
    }
    form = {f"user[{name}]": value for name, value in values.items()}
    return client.post(f"/users/{user.pk}/password", {"_method": "put", **form})


def is_password(user, password):
    return User.objects.get(pk=user.pk).check_password(password)


@pytest.fixture
def client(browser, member):
    """The member's, logged in as people do."""
    client = browser()
    log_in(client, member.name)
    member.events.all().delete()
    return client


def test_who_knows_the_old_password_chooses_a_new_one(client, browser, member):
    assert client.get(f"/users/{member.pk}/password/edit").status_code == 200
    response = change(client, member)
    assert response["Location"] == f"/users/{member.pk}"
    assert "Password updated" in client.get(response["Location"]).content.decode()
    assert log_in(browser(), member.name, "new password").status_code == 302
    assert member.events.earliest("pk").category == Category.PASSWORD_CHANGE


def test_one_stays_logged_in_and_others_do_not(client, browser, member):
    elsewhere = browser()
    log_in(elsewhere, member.name)
    key = client.cookies["sessionid"].value
    change(client, member)
    assert client.get("/settings").status_code == 200
    assert client.cookies["sessionid"].value != key
    assert elsewhere.get("/settings").status_code == 302
    statuses = dict(member.login_sessions.values_list("pk", "status"))
    assert sorted(statuses.values()) == [LoginSession.Status.ACTIVE, LoginSession.Status.REVOKED]
    event = member.events.get(category=Category.PASSWORD_CHANGE)
    assert statuses[event.login_session_id] == LoginSession.Status.ACTIVE
    assert event.session_id == event.login_session.session_id


@pytest.mark.parametrize("old", ["", "wrong", "PASSWORD", "p" * 100_000])
def test_who_does_not_know_the_old_password_is_refused(client, member, old):
    response = change(client, member, old)
    assert response.status_code == 200
    assert "Password is incorrect" in response.content.decode()
    assert is_password(member, "password")
    assert member.events.get().category == Category.FAILED_REAUTHENTICATE


def test_a_bad_password_is_refused(client, member):
    assert (
        "Password is too short (minimum is 5 characters)"
        in change(client, member, password="x").content.decode()
    )
    page = change(client, member, confirmation="other").content.decode()
    assert "Passwords don&#x27;t match" in page
    assert is_password(member, "password")
    assert not member.events.exists()


def test_who_has_a_second_factor_needs_a_code(client, member):
    User.objects.filter(pk=member.pk).update(totp_secret=SECRET)
    assert "user[verification_code]" in client.get(f"/users/{member.pk}/password/edit").content.decode()
    for code in ("", "000000"):
        page = change(client, member, verification_code=code).content.decode()
        assert "Verification code is incorrect" in page
    assert is_password(member, "password")
    assert {event.category for event in member.events.all()} == {Category.TOTP_FAILED_REAUTHENTICATE}
    change(client, member, verification_code=pyotp.TOTP(SECRET).now())
    assert is_password(member, "new password")


def test_nobody_changes_anothers_password(client, browser, admin, member):
    other = UserFactory()
    assert client.get(f"/users/{other.pk}/password/edit").status_code == 403
    assert change(client, other).status_code == 403
    for who in (admin, None):
        assert change(browser(who), member).status_code == 403
    assert is_password(other, "password")
    assert is_password(member, "password")


def test_trying_old_passwords_is_limited(client, member, settings):
    settings.DANBOORU_RATE_LIMITS = True
    database_clock.stand_still()
    answers = [change(client, member, "wrong").status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]


def test_programs_are_told_what_is_wrong(client, member):
    body = {"user": {"old_password": "password", "password": "x", "password_confirmation": "x"}}
    response = client.put(f"/users/{member.pk}/password", body, "application/json")
    assert response.status_code == 422
    assert response.json()["errors"] == {"password": ["is too short (minimum is 5 characters)"]}


@pytest.mark.parametrize(
    ("answer", "left"), [({}, 0), ({"delete_api_keys": "on"}, 0), ({"delete_api_keys": "false"}, 1)]
)
def test_api_keys_end_with_the_old_password_unless_one_says_no(client, member, answer, left):
    key, _ = ApiKey.objects.make(member)
    change(client, member, **answer)
    assert member.api_keys.count() == left
    deleted = member.events.filter(category=Category.API_KEY_DELETE)
    assert [event.metadata["api_key_id"] for event in deleted] == [key.pk] * (1 - left)


def test_a_password_that_is_refused_ends_none(client, member):
    ApiKey.objects.make(member)
    change(client, member, password="x")
    change(client, member, old="wrong")
    assert member.api_keys.count() == 1


def test_who_has_keys_is_asked_and_the_answer_is_yes_at_first(client, member):
    page = f"/users/{member.pk}/password/edit"
    assert "user[delete_api_keys]" not in client.get(page).content.decode()
    ApiKey.objects.make(member)
    html = client.get(page).content.decode()
    (box,) = re.findall(r'<input type="checkbox"[^>]*name="user\[delete_api_keys\]"[^>]*>', html)
    assert "checked" in box
