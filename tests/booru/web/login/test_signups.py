from datetime import timedelta
from ipaddress import ip_network

import pytest
from django.utils import timezone

from booru.models import EmailAddress, Level, LoginSession, ModAction, RateLimit, User, UserEvent
from jobs.engine.context import session_digest
from jobs.engine.models import BackgroundJob
from jobs.engine.testing import enqueued_jobs
from mailers.content.links import verify_url
from tests.support import database_clock
from tests.support.buttons import click
from tests.support.factories import UserFactory

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
    response = browser().post("/users", form(**VALID))
    job = BackgroundJob.objects.get()
    assert job.context["request_id"] == response["X-Request-Id"]
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


def test_the_address_may_be_nested_as_in_danboorus_form(browser):
    fields = form(**VALID)
    fields["user[email_address][address]"] = fields.pop("user[email_address]")
    browser().post("/users", fields)
    assert EmailAddress.objects.get().address == "webmaster@danbooru.donmai.us"


def test_a_program_signs_up(browser):
    body = {"user": {**VALID, "email_address": {"address": "webmaster@danbooru.donmai.us"}}}
    response = browser().post("/users.json", body, "application/json")
    assert response.status_code == 201
    assert response.json()["name"] == "newcomer"
    assert EmailAddress.objects.get().address == "webmaster@danbooru.donmai.us"
    refused = browser().post("/users.json", {"user": {**VALID, "password": "x"}}, "application/json")
    assert refused.status_code == 422
    assert refused.json()["errors"] == {
        "name": ["already taken"],
        "password": ["is too short (minimum is 5 characters)"],
        "password_confirmation": ["Passwords don't match"],
        "email_address": ["has already been taken"],
    }


def test_signing_up_is_recorded(browser):
    client = browser()
    client.post("/users", form(**VALID), REMOTE_ADDR="8.8.8.8")
    user, event = User.objects.get(name="newcomer"), UserEvent.objects.get()
    assert (event.user, event.category_name, event.ip_addr) == (user, "user_creation", "8.8.8.8")
    assert event.login_session == LoginSession.objects.get(user=user)
    assert event.session_id == session_digest(client.session.session_key)
    assert user.last_ip_addr == "8.8.8.8"
    assert user.last_logged_in_at is not None
    assert not ModAction.objects.exists()


def test_the_welcome_email_goes_through_the_queue_of_emails(browser):
    browser().post("/users", form(**VALID))
    job = BackgroundJob.objects.get()
    assert (job.job_class, job.queue_name, job.priority) == ("jobs.mail.MailDeliveryJob", "mail", 0)
    assert job.arguments["args"][1] == "welcome_user"


def test_who_is_logged_in_does_not_sign_up(browser, member):
    assert browser(member).post("/users", form(**VALID)).status_code == 403
    assert not User.objects.filter(name="newcomer").exists()


def test_an_address_that_means_the_same_mailbox_is_taken(browser):
    browser().post("/users", form(**VALID | {"email_address": "foo@gmail.com"}))
    second = VALID | {"name": "second", "email_address": "f.o.o+x@googlemail.com"}
    assert "Email address has already been taken" in browser().post("/users", form(**second)).content.decode()
    assert not User.objects.filter(name="second").exists()


def test_an_address_that_no_mail_reaches_is_refused(browser, settings, monkeypatch):
    settings.DANBOORU_CHECK_EMAIL_DOMAINS = True
    monkeypatch.setattr(
        "booru.services.accounts.signup.is_undeliverable", lambda address: "nowhere" in address
    )
    page = browser().post("/users", form(**VALID | {"email_address": "a@nowhere.com"})).content.decode()
    assert "Email address is invalid or does not exist" in page
    assert not User.objects.exists()


class TestRestriction:
    """Someone who signs up as spammers do is Restricted at first (behaviour I.3)."""

    ADDRESS = "8.8.8.8"

    @pytest.fixture(autouse=True)
    def verification(self, settings, db):
        settings.DANBOORU_NEW_USER_VERIFICATION = True
        # The first account of a site becomes its Owner.
        UserFactory(level=Level.OWNER)

    def sign_up(self, client, address=ADDRESS):
        page = client.post("/users", form(**VALID), REMOTE_ADDR=address, follow=True).content.decode()
        user = User.objects.get(name="newcomer")
        assert user.requires_verification is user.is_restricted
        assert "Welcome, newcomer!" in page
        assert ("restricted until you verify an email address" in page) is user.is_restricted
        return user.level_name

    @pytest.mark.parametrize(
        ("category", "address", "hours", "level"),
        [
            (UserEvent.Category.LOGIN, "8.8.8.1", 23, "Restricted"),
            (UserEvent.Category.TOTP_LOGIN, "8.8.8.255", 23, "Restricted"),
            (UserEvent.Category.LOGIN, "8.8.8.1", 25, "Member"),
            (UserEvent.Category.LOGIN, "8.8.9.1", 1, "Member"),
            (UserEvent.Category.FAILED_LOGIN, "8.8.8.1", 1, "Member"),
        ],
    )
    def test_a_network_that_somebody_has_left_since(self, browser, category, address, hours, level):
        user = UserFactory(last_ip_addr="93.184.216.34", last_logged_in_at=timezone.now())
        event = UserEvent.objects.create(user=user, category=category, ip_addr=address)
        UserEvent.objects.filter(pk=event.pk).update(created_at=timezone.now() - timedelta(hours=hours))
        assert self.sign_up(browser()) == level

    def test_a_stranger_is_a_member(self, browser):
        assert self.sign_up(browser()) == "Member"

    @pytest.mark.parametrize(
        ("known", "hours", "level"),
        [("8.8.8.1", 23, "Restricted"), ("8.8.8.1", 25, "Member"), ("8.8.9.1", 1, "Member")],
    )
    def test_a_network_that_somebody_uses(self, browser, known, hours, level):
        UserFactory(last_ip_addr=known, last_logged_in_at=timezone.now() - timedelta(hours=hours))
        assert self.sign_up(browser()) == level

    def test_an_ipv6_network_that_somebody_uses(self, browser):
        UserFactory(last_ip_addr="2606:4700::1", last_logged_in_at=timezone.now())
        assert self.sign_up(browser(), "2606:4700::2:3:4:5") == "Restricted"

    def test_a_browser_that_has_an_account(self, browser):
        other, client = UserFactory(), browser()
        client.post("/session", {"session[name]": other.name, "session[password]": "password"})
        client.post("/logout")
        User.objects.update(last_ip_addr=None)
        assert self.sign_up(client) == "Restricted"

    def test_a_browser_that_only_tried_to_log_in(self, browser):
        other, client = UserFactory(), browser()
        client.post("/session", {"session[name]": other.name, "session[password]": "wrong"})
        assert self.sign_up(client) == "Member"

    def test_a_proxy(self, browser, settings):
        settings.DANBOORU_PROXY_NETWORKS = [ip_network("8.8.0.0/16")]
        assert self.sign_up(browser()) == "Restricted"

    def test_an_unknown_address_may_be_any(self, browser):
        assert self.sign_up(browser(), "") == "Restricted"

    def test_a_local_address_tells_nothing(self, browser):
        UserFactory(last_ip_addr="127.0.0.1", last_logged_in_at=timezone.now())
        assert self.sign_up(browser(), "127.0.0.1") == "Member"

    def test_a_verified_address_ends_it(self, browser, settings):
        settings.DANBOORU_PROXY_NETWORKS = [ip_network("8.8.0.0/16")]
        client = browser()
        client.post("/users", form(**VALID | {"email_address": "newcomer@gmail.com"}), REMOTE_ADDR="8.8.8.8")
        user = User.objects.get(name="newcomer")
        assert client.get("/dmails/new").status_code == 403
        link = verify_url(user.email_address).removeprefix("http://localhost:8000")
        click(client, link, "Verify email address")
        user.refresh_from_db()
        assert (user.level, user.is_verified) == (Level.MEMBER, True)
        assert client.get("/dmails/new").status_code == 200

    def test_the_setting_switches_it_off(self, browser, settings):
        settings.DANBOORU_NEW_USER_VERIFICATION = False
        UserFactory(last_ip_addr=self.ADDRESS, last_logged_in_at=timezone.now())
        assert self.sign_up(browser()) == "Member"

    def test_the_first_account_is_the_owner_whatever_it_looks_like(self, browser, settings):
        User.objects.all().delete()
        settings.DANBOORU_PROXY_NETWORKS = [ip_network("8.8.0.0/16")]
        browser().post("/users", form(**VALID), REMOTE_ADDR=self.ADDRESS)
        assert User.objects.get(name="newcomer").level == Level.OWNER


class TestLimits:
    @pytest.fixture(autouse=True)
    def limits(self, settings, db):
        settings.DANBOORU_RATE_LIMITS = True
        database_clock.stand_still()

    def statuses(self, browser, tries, **change):
        return [
            browser()
            .post("/users", form(**VALID | {"name": f"new_{n}", "email_address": ""} | change))
            .status_code
            for n in range(tries)
        ]

    def test_three_accounts_and_then_one_in_five_minutes(self, browser):
        assert self.statuses(browser, 4) == [302, 302, 302, 429]
        RateLimit.objects.update(updated_at=timezone.now() - timedelta(minutes=11))
        assert self.statuses(browser, 1, name="later") == [302]

    def test_ten_mistakes_and_then_one_a_second(self, browser):
        assert self.statuses(browser, 11, password="x") == [200] * 10 + [429]

    def test_an_address_is_not_flooded(self, browser):
        address = "victim@gmail.com"
        for n in range(5):
            browser().post("/users", form(**VALID | {"name": f"new_{n}", "email_address": address}))
            EmailAddress.objects.all().delete()
            RateLimit.objects.filter(action="users:create").delete()
        assert self.statuses(browser, 1, name="sixth", email_address="v.i.ctim+1@gmail.com") == [429]
