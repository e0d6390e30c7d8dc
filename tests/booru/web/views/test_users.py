import pytest

from booru.models import EmailAddress, Level, User
from jobs.engine.models import BackgroundJob
from jobs.engine.testing import enqueued_jobs
from tests.factories import UserFactory

VALID = {
    "name": "newcomer",
    "password": "correct horse",
    "password_confirmation": "correct horse",
    "email_address": "webmaster@danbooru.donmai.us",
}


def form(**values):
    return {f"user[{name}]": value for name, value in values.items()}


def test_signing_up_logs_in_and_sends_the_welcome_email(browser):
    client = browser()
    response = client.post("/users", form(**VALID))
    user = User.objects.get(name="newcomer")
    assert response.status_code == 302
    assert response["Location"] == f"/users/{user.pk}"
    assert not user.email_address.is_verified
    assert len(enqueued_jobs()) == 1
    assert "My Account" in client.get("/").content.decode()


def test_the_welcome_email_knows_the_request(browser):
    response = browser().post("/users", form(**VALID), headers={"X-Request-Id": "signup-1"})
    job = BackgroundJob.objects.get()
    assert response["X-Request-Id"] == "signup-1"
    assert job.context["request_id"] == "signup-1"
    assert "session" in job.context


def test_without_an_address_nothing_is_sent(browser):
    browser().post("/users", form(**VALID | {"email_address": ""}))
    assert User.objects.filter(name="newcomer").exists()
    assert enqueued_jobs() == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"password": "x", "password_confirmation": "x"}, "Password is too short (minimum is 5 characters)"),
        ({"password_confirmation": "other"}, "Passwords don&#x27;t match"),
        ({"name": ""}, "Name"),
        ({"name": "a" * 10_000}, "Name must be less than 25 characters long"),
        ({"email_address": "test"}, "Email"),
        ({"email_address": "a@" + "b" * 10_000}, "Email"),
    ],
)
def test_a_bad_sign_up_makes_nothing(browser, change, message):
    response = browser().post("/users", form(**VALID | change))
    assert response.status_code == 200
    assert message in response.content.decode()
    assert User.objects.exclude(name="DanbooruBot").count() == 0
    assert EmailAddress.objects.count() == 0
    assert enqueued_jobs() == []


def test_a_bad_sign_up_keeps_what_was_typed_but_no_password(browser):
    page = browser().post("/users", form(**VALID | {"password_confirmation": "other"})).content.decode()
    assert 'value="newcomer"' in page
    assert "correct horse" not in page


def test_a_name_is_taken_once(browser):
    UserFactory(name="newcomer")
    page = browser().post("/users", form(**VALID | {"name": "NewComer"})).content.decode()
    assert "Name already taken" in page


def test_signing_up_leads_on_to_a_local_page_only(browser):
    response = browser().post("/users", {**form(**VALID), "url": "/posts"})
    assert response["Location"] == "/posts"


@pytest.mark.parametrize(
    "url", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "\thttp://x"]
)
def test_nobody_is_sent_to_another_site(browser, url):
    assert browser().post("/users", {**form(**VALID), "url": url}).status_code == 403
    assert User.objects.count() == 0
    assert browser().get("/users/new", {"url": url}).status_code == 403
    assert browser().get("/login", {"url": url}).status_code == 403
    user = UserFactory(password="password")
    fields = {"session[name]": user.name, "session[password]": "password", "url": url}
    assert browser().post("/session", fields).status_code == 403


def test_the_level_cannot_be_chosen(browser):
    assert browser().post("/users", form(**VALID, level="60")).status_code == 403


def test_the_profile_link_leads_to_oneself(browser, member):
    assert browser(member).get("/profile")["Location"] == f"/users/{member.pk}"
    assert browser().get("/profile").status_code == 403


def test_users_are_found_by_name(browser):
    alice = UserFactory(name="alice_w", level=Level.MEMBER)
    UserFactory(name="bob")
    records = browser().get("/users.json", {"search[name_matches]": "Alice *"}).json()
    assert [record["id"] for record in records] == [alice.pk]
    assert records[0]["level_string"] == "Member"
    assert "password" not in records[0]
