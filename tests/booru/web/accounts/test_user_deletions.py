import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail

from booru.models import ApiKey, Level, ModAction, User, UserEvent
from jobs.engine.testing import assert_enqueued, assert_no_enqueued, perform_enqueued_jobs
from jobs.users import DeleteUserJob
from tests.booru.services.accounts.accounts import make_account
from tests.support import database_clock
from tests.support.factories import UserFactory

EVENTS = UserEvent.Category


@pytest.fixture
def owner(db):
    return UserFactory(level=Level.OWNER)


def log_in(browser, user):
    client = browser()
    fields = {"session[name]": user.name, "session[password]": "password"}
    assert client.post("/session", fields).status_code == 302
    return client


def delete(client, user, password="password"):
    fields = {"_method": "delete", "user[password]": password}
    return client.post(f"/users/{user.pk}", fields)


def events():
    return [UserEvent.Category(event.category) for event in UserEvent.objects.order_by("pk")]


def is_deleted(user):
    return User.objects.get(pk=user.pk).is_deleted


def test_the_page_is_for_oneself_and_the_owner(browser, member, owner):
    other = UserFactory()
    assert browser(member).get(f"/users/{member.pk}/deactivate").status_code == 200
    assert browser(member).get("/users/deactivate").status_code == 200
    assert browser(member).get(f"/users/{other.pk}/deactivate").status_code == 403
    assert browser().get(f"/users/{other.pk}/deactivate").status_code == 403
    assert browser().get("/users/deactivate").status_code == 302
    assert browser(owner).get(f"/users/{other.pk}/deactivate").status_code == 200


def test_the_page_tells_what_will_happen(browser, db):
    user = make_account().user
    page = browser(user).get("/users/deactivate").content.decode()
    for text in (f"user_{user.pk}", "1 API key", "1 saved search", "1 private favorite group", "1 downvote"):
        assert text in page, text
    assert "Favorites and upvotes, as the favorites are public." in page
    User.objects.filter(pk=user.pk).update(enable_private_favorites=True)
    page = browser(user).get("/users/deactivate").content.decode()
    assert "As favorites are private: 1 favorite and 2 upvotes." in page
    assert "as the favorites are public" not in page


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"level": Level.ADMIN}, "Admins cannot delete their account"),
        ({"is_banned": True}, "You cannot delete your account if you are banned"),
    ],
)
def test_the_page_tells_what_is_against_it(browser, db, fields, message):
    page = browser(UserFactory(**fields)).get("/users/deactivate").content.decode()
    assert message in page
    assert "Delete my account" not in page


def test_the_own_account_is_deleted_and_logged_out(browser, member):
    client = log_in(browser, member)
    session_key, login_session = client.session.session_key, member.login_sessions.get()
    response = delete(client, member)
    assert (response.status_code, response["Location"]) == (302, "/posts")
    assert "Account deactivated" in client.get("/posts").content.decode()
    assert is_deleted(member)
    assert "_auth_user_id" not in client.session
    assert client.session.session_key != session_key
    assert events() == [EVENTS.LOGIN, EVENTS.USER_DELETION, EVENTS.LOGOUT]
    assert UserEvent.objects.get(category=EVENTS.USER_DELETION).login_session == login_session
    login_session.refresh_from_db()
    assert login_session.get_status_display() == "Logged Out"
    assert not ModAction.objects.exists()
    assert_enqueued(DeleteUserJob, member)


def test_by_the_owner_who_stays_logged_in(browser, member, owner):
    client = log_in(browser, owner)
    before = events()
    response = delete(client, member, "")
    assert (response.status_code, response["Location"]) == (302, "/posts")
    page = client.get("/posts").content.decode()
    assert "Account deactivated" in page
    assert "My Account" in page
    assert is_deleted(member)
    assert events() == before
    action = ModAction.objects.get()
    assert (action.category_name, action.description) == ("user_delete", f"deleted user #{member.pk}")


@pytest.mark.parametrize("level", [None, Level.MEMBER, Level.ADMIN])
def test_others_are_refused(browser, member, level):
    visitor = None if level is None else UserFactory(level=level)
    response = delete(browser(visitor), member)
    assert response.status_code == 403
    assert not is_deleted(member)
    assert not ModAction.objects.exists()
    assert_no_enqueued()


def test_a_wrong_password_leads_back(browser, member):
    client = log_in(browser, member)
    response = delete(client, member, "wrong")
    assert (response.status_code, response["Location"]) == (302, f"/users/{member.pk}/deactivate")
    page = client.get(response["Location"]).content.decode()
    assert "Password is incorrect" in page
    assert "My Account" in page
    assert not is_deleted(member)
    assert events() == [EVENTS.LOGIN]
    assert_no_enqueued()


def test_all_that_is_against_it_is_told_in_one_line(browser, db):
    user = UserFactory(level=Level.MODERATOR, is_banned=True)
    client = browser(user)
    page = client.get(delete(client, user, "x")["Location"]).content.decode()
    line = (
        "Password is incorrect; Moderators cannot delete their account; "
        "You cannot delete your account if you are banned"
    )
    assert line in page


def test_programs_get_json(browser, member, owner):
    client = browser(member)
    response = client.delete(f"/users/{member.pk}.json", {"user": {"password": "x"}}, "application/json")
    assert response.status_code == 422
    assert response.json() == {"errors": {"base": ["Password is incorrect"]}}
    assert browser(owner).delete(f"/users/{member.pk}.json").status_code == 204
    assert is_deleted(member)


def test_other_browsers_are_logged_out_on_their_next_request(browser, member, owner):
    client = log_in(browser, member)
    assert "My Account" in client.get("/").content.decode()
    delete(browser(owner), member, "")
    assert "My Account" not in client.get("/").content.decode()
    assert client.get("/settings").status_code == 302


def test_the_deleted_do_not_log_in(browser, member):
    name = member.name
    delete(browser(member), member)
    perform_enqueued_jobs(raise_errors=True)
    for login in (name, f"user_{member.pk}"):
        fields = {"session[name]": login, "session[password]": "password"}
        response = browser().post("/session", fields)
        assert response.status_code == 401
        assert "Incorrect username or password" in response.content.decode()


def test_the_deleted_use_no_keys(browser, member, owner):
    _, key = ApiKey.objects.make(member, name="bot")
    credentials = {"login": member.name, "api_key": key}
    assert browser().get("/posts.json", credentials).status_code == 200
    delete(browser(owner), member, "")
    for name in (member.name, f"user_{member.pk}"):
        assert browser().get("/posts.json", credentials | {"login": name}).status_code == 401


def test_the_deleted_do_not_reset_their_password(browser, owner):
    user = UserFactory(with_email=True)
    browser().post("/password_reset", {"user[name]": user.name})
    perform_enqueued_jobs(raise_errors=True)
    link = re.search(r"/password_reset/edit\?\S+", mail.outbox[0].body)[0]
    assert browser().get(link).status_code == 200
    delete(browser(owner), user, "")
    response = browser().get(link)
    assert (response.status_code, response["Location"]) == (303, "/password_reset")
    token = parse_qs(urlsplit(link).query)["user[signed_id]"][0]
    fields = {"signed_id": token, "password": "new password", "password_confirmation": "new password"}
    browser().post(
        "/password_reset", {"_method": "put", **{f"user[{name}]": text for name, text in fields.items()}}
    )
    assert not User.objects.get(pk=user.pk).has_usable_password()


def test_the_password_is_not_tried_often(browser, member, settings):
    settings.DANBOORU_RATE_LIMITS = True
    database_clock.stand_still()
    client = browser(member)
    codes = [delete(client, member, "wrong").status_code for _ in range(6)]
    assert codes == [302] * 5 + [429]


def test_the_password_is_nowhere_in_the_job(browser, member):
    delete(browser(member), member)
    job = assert_enqueued(DeleteUserJob, member)
    assert "password" not in f"{job.arguments} {job.context}"
