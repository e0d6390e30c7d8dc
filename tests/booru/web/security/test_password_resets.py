"""Forgotten passwords (behaviour I.5)."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from booru.models import ApiKey, LoginSession, RateLimit, User, UserEvent
from jobs.engine.models import BackgroundJob
from jobs.engine.testing import assert_enqueued, assert_no_enqueued, enqueued_jobs, perform_enqueued_jobs
from jobs.mail import MailDeliveryJob
from mailers.content import tokens
from tests.booru.web.login.test_sessions import log_in
from tests.support import database_clock
from tests.support.factories import EmailAddressFactory, UserFactory

PAGE = "/password_reset"
SENT_TO_EMAIL = "You will be sent a password reset link if an account with this email exists"
SENT_TO_NAME = "You will be sent a password reset link if this account has an email address"
VOID = "Password reset link is invalid or expired. Request a new one."
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
Category = UserEvent.Category

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(db):
    return EmailAddressFactory(address="Foo.Bar+nospam@Googlemail.com", is_verified=False).user


def ask(client, name, **headers):
    return client.post(PAGE, {"user[name]": name}, follow=True, headers=headers)


def new_password(token, password="new password", confirmation=None, code=""):
    confirmation = password if confirmation is None else confirmation
    fields = {"signed_id": token, "password": password, "password_confirmation": confirmation}
    if code:
        fields["verification_code"] = code
    return {"_method": "put", **{f"user[{name}]": text for name, text in fields.items()}}


def categories(user):
    return list(user.events.order_by("pk").values_list("category", flat=True))


def is_password(user, password):
    return User.objects.get(pk=user.pk).check_password(password)


def test_the_form_is_for_who_is_not_logged_in(browser, member):
    assert browser().get(PAGE).status_code == 200
    client = browser(member)
    token = tokens.password_reset_token(member)
    answers = [
        client.get(PAGE),
        client.post(PAGE, {"user[name]": member.name}),
        client.get(f"{PAGE}/edit", {"user[signed_id]": token}),
        client.post(PAGE, new_password(token)),
    ]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, "/profile")}
    assert "Already logged in" in client.get("/profile", follow=True).content.decode()
    assert is_password(member, "password")
    assert_no_enqueued()


def test_a_link_is_sent_to_an_unverified_address_however_it_is_spelled(browser, user):
    response = ask(browser(), "foobar@gmail.com", user_agent="Tests")
    assert response.redirect_chain == [(PAGE, 302)]
    assert SENT_TO_EMAIL in response.content.decode()
    job = assert_enqueued(
        MailDeliveryJob,
        "mailers.user_mailer.UserMailer",
        "password_reset",
        [user],
        queue_name="mail",
    )
    assert (job.context["method"], job.context["url"]) == ("POST", f"http://testserver{PAGE}")
    event = user.events.get()
    assert (event.category, event.login_session) == (Category.PASSWORD_RESET_REQUEST, None)
    assert (event.ip_addr, event.user_agent) == ("127.0.0.1", "Tests")


def test_a_link_is_sent_to_who_gives_a_name(browser):
    user = EmailAddressFactory().user
    response = ask(browser(), user.name.upper())
    assert SENT_TO_NAME in response.content.decode()
    assert len(enqueued_jobs(MailDeliveryJob)) == 1
    assert categories(user) == [Category.PASSWORD_RESET_REQUEST]


@pytest.mark.parametrize("address", [None, {"is_deliverable": False}])
def test_who_cannot_get_email_gets_none(browser, address):
    user = UserFactory()
    if address:
        EmailAddressFactory(user=user, **address)
    assert SENT_TO_NAME in ask(browser(), user.name).content.decode()
    assert_no_enqueued()
    assert categories(user) == [Category.PASSWORD_RESET_REQUEST]


@pytest.mark.parametrize("name", ["nobody", "", " ", "nobody@example.com", "x" * 5000])
def test_the_answer_does_not_tell_that_nobody_is_called_so(browser, name):
    response = ask(browser(), name)
    assert (SENT_TO_EMAIL if "@" in name else SENT_TO_NAME) in response.content.decode()
    assert_no_enqueued()
    assert not UserEvent.objects.exists()


def test_the_work_is_the_same_whether_the_account_exists_or_not(browser, user):
    UserFactory(name="lonely")
    User.objects.system()
    client = browser()
    client.get(PAGE)

    def statements(name):
        with CaptureQueriesContext(connection) as queries:
            client.post(PAGE, {"user[name]": name})
        return [query["sql"].split()[:3] for query in queries]

    known = [words for words in statements("foobar@gmail.com") if words[0] != "RELEASE"]
    for name in ("nobody@example.com", "lonely", "nobody"):
        done = statements(name)
        kept = [words for words in done if words[0] not in {"RELEASE", "ROLLBACK"}]
        assert [words[0] for words in kept] == [words[0] for words in known], name


def test_one_account_is_not_flooded_with_links(browser, user, settings):
    settings.DANBOORU_RATE_LIMITS = True
    database_clock.stand_still()
    for number in range(8):
        client = browser()
        answer = client.post(PAGE, {"user[name]": user.name}, REMOTE_ADDR=f"198.51.{number}.1")
        assert answer.status_code == 302
    assert len(enqueued_jobs(MailDeliveryJob)) == 5
    assert len(categories(user)) == 8


def test_who_floods_an_account_does_not_keep_its_owner_from_a_link(browser, user, settings):
    settings.DANBOORU_RATE_LIMITS = True
    database_clock.stand_still()
    for number in range(30):
        browser().post(PAGE, {"user[name]": user.name}, REMOTE_ADDR=f"198.51.{number}.1")
    RateLimit.objects.filter(action="password_resets:mail").update(
        updated_at=timezone.now() - timedelta(minutes=11)
    )
    browser().post(PAGE, {"user[name]": user.name})
    assert len(enqueued_jobs(MailDeliveryJob)) == 6


def test_asking_is_limited(browser, settings):
    settings.DANBOORU_RATE_LIMITS = True
    database_clock.stand_still()
    client = browser()
    answers = [client.post(PAGE, {"user[name]": "nobody"}).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]


def test_the_link_in_the_email_opens_the_form(browser, user):
    with perform_enqueued_jobs():
        ask(browser(), user.name)
    [link] = re.findall(r"Reset password: (\S+)", mail.outbox[0].body)
    parts = urlsplit(link)
    response = browser().get(f"{parts.path}?{parts.query}")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    token = parse_qs(parts.query)["user[signed_id]"][0]
    client = browser()
    assert client.post(PAGE, new_password(token))["Location"] == f"/users/{user.pk}"
    assert is_password(user, "new password")


def test_the_link_is_nowhere_to_be_found_but_in_the_email(browser, user, caplog):
    with perform_enqueued_jobs():
        ask(browser(), user.name)
    [email] = mail.outbox
    [token] = set(re.findall(r"signed_id%5D=([^\s\"&]+)", str(email.message())))
    client = browser()
    client.get(f"{PAGE}/edit", {"user[signed_id]": token})
    client.post(PAGE, new_password(token, "x"))
    headers = email.message().items()
    [job] = BackgroundJob.objects.all()
    for text in (headers, caplog.text, job.arguments, job.context, browser().get("/jobs").content.decode()):
        assert token[:20] not in str(text)


@pytest.mark.parametrize("token", ["", "nonsense", "1-2~3~4", "\u00e9", "x" * 50_000])
def test_a_link_that_we_never_made_is_refused(browser, user, token):
    client = browser()
    for response in (
        client.get(f"{PAGE}/edit", {"user[signed_id]": token}),
        client.post(PAGE, new_password(token)),
        client.get(f"{PAGE}/edit"),
    ):
        assert (response.status_code, response["Location"]) == (303, PAGE)
    assert VOID in client.get(PAGE).content.decode()
    assert is_password(user, "password")


def test_a_link_ends_after_half_an_hour(browser, user):
    token = tokens.password_reset_token(user)
    with time_machine.travel(timedelta(minutes=29), tick=False):
        assert browser().get(f"{PAGE}/edit", {"user[signed_id]": token}).status_code == 200
    with time_machine.travel(timedelta(minutes=31), tick=False):
        assert browser().get(f"{PAGE}/edit", {"user[signed_id]": token}).status_code == 303
        assert browser().post(PAGE, new_password(token)).status_code == 303
    assert is_password(user, "password")


def test_a_link_for_something_else_is_refused(browser, user):
    token = tokens.sign("unsubscribe", tokens.unsign("password_reset", tokens.password_reset_token(user)))
    assert browser().post(PAGE, new_password(token)).status_code == 303
    assert is_password(user, "password")


def test_the_new_password_logs_in(browser, user):
    client = browser()
    response = client.post(PAGE, new_password(tokens.password_reset_token(user)), follow=True)
    assert response.redirect_chain == [(f"/users/{user.pk}", 302)]
    assert "Password updated" in response.content.decode()
    assert client.get("/settings").status_code == 200
    assert sorted(categories(user)) == [Category.LOGIN, Category.PASSWORD_RESET]
    assert log_in(browser(), user.name, "new password").status_code == 302
    assert log_in(browser(), user.name, "password").status_code == 401


def test_a_link_works_once(browser, user):
    token, other = tokens.password_reset_token(user), tokens.password_reset_token(user)
    browser().post(PAGE, new_password(token))
    for void in (token, other):
        assert browser().post(PAGE, new_password(void, "a third one")).status_code == 303
    assert is_password(user, "new password")


def test_a_link_to_an_address_that_was_given_up_is_void(browser, user):
    token = tokens.password_reset_token(user)
    user.email_address.delete()
    assert browser().post(PAGE, new_password(token)).status_code == 303


def test_whoever_else_is_logged_in_is_logged_out(browser, user):
    thief = browser()
    log_in(thief, user.name)
    client = browser()
    client.post(PAGE, new_password(tokens.password_reset_token(user)))
    assert thief.get("/settings").status_code == 302
    assert client.get("/settings").status_code == 200
    statuses = user.login_sessions.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == [LoginSession.Status.REVOKED, LoginSession.Status.ACTIVE]


def test_no_api_key_outlives_it(browser, user):
    key, _ = ApiKey.objects.make(user)
    browser().post(PAGE, new_password(tokens.password_reset_token(user), "x"))
    assert user.api_keys.exists()
    browser().post(PAGE, new_password(tokens.password_reset_token(user)))
    assert not user.api_keys.exists()
    event = user.events.get(category=Category.API_KEY_DELETE)
    assert event.metadata["api_key_id"] == key.pk


@pytest.mark.parametrize(
    ("password", "confirmation", "message"),
    [
        ("four", "four", "Password is too short (minimum is 5 characters)"),
        ("", "", "Password is too short (minimum is 5 characters)"),
        ("long enough", "long enouhg", "Passwords don&#x27;t match"),
    ],
)
def test_a_bad_password_is_refused_and_the_link_still_works(browser, user, password, confirmation, message):
    token, client = tokens.password_reset_token(user), browser()
    response = client.post(PAGE, new_password(token, password, confirmation))
    assert response.status_code == 200
    assert message in response.content.decode()
    assert client.get("/settings").status_code == 302
    assert client.post(PAGE, new_password(token)).status_code == 302


def test_programs_are_told_what_is_wrong(browser, user):
    values = {"signed_id": tokens.password_reset_token(user), "password": "x", "password_confirmation": "y"}
    response = browser().put(PAGE, {"user": values}, "application/json")
    assert response.status_code == 422
    assert response.json()["errors"] == {
        "password": ["is too short (minimum is 5 characters)"],
        "password_confirmation": ["Passwords don't match"],
    }


def test_a_deleted_account_stays_as_it_is(browser, user):
    User.objects.filter(pk=user.pk).update(is_deleted=True)
    response = browser().post(PAGE, new_password(tokens.password_reset_token(user)))
    assert response.status_code == 200
    assert "You can&#x27;t reset the password of a deleted account" in response.content.decode()
    assert is_password(user, "password")


@pytest.fixture
def careful(user):
    """With a second factor."""
    User.objects.filter(pk=user.pk).update(totp_secret=SECRET, backup_codes=[12345678])
    return User.objects.get(pk=user.pk)


def test_who_has_a_second_factor_is_asked_for_a_code(browser, careful, user):
    plain = EmailAddressFactory().user
    for account, is_asked in ((careful, True), (plain, False)):
        token = tokens.password_reset_token(account)
        page = browser().get(f"{PAGE}/edit", {"user[signed_id]": token}).content.decode()
        assert ("user[verification_code]" in page) is is_asked


@pytest.mark.parametrize("code", ["", "000000", "00000000", "9" * 10_000])
def test_a_wrong_code_is_refused(browser, careful, code):
    client = browser()
    response = client.post(PAGE, new_password(tokens.password_reset_token(careful), code=code))
    assert response.status_code == 200
    assert "Verification code is incorrect" in response.content.decode()
    assert is_password(careful, "password")
    assert categories(careful) == [Category.TOTP_FAILED_REAUTHENTICATE]
    assert client.get("/settings").status_code == 302


def test_a_code_of_the_app_is_enough(browser, careful):
    code = pyotp.TOTP(SECRET).now()
    browser().post(PAGE, new_password(tokens.password_reset_token(careful), code=code))
    assert is_password(careful, "new password")
    assert sorted(categories(careful)) == [Category.LOGIN, Category.PASSWORD_RESET]


def test_a_backup_code_is_used_up_only_when_the_password_is_good(browser, careful):
    token = tokens.password_reset_token(careful)
    browser().post(PAGE, new_password(token, "x", code="12345678"))
    assert User.objects.get(pk=careful.pk).backup_codes == [12345678]
    browser().post(PAGE, new_password(token, code="12345678"))
    assert is_password(careful, "new password")
    [code] = User.objects.get(pk=careful.pk).backup_codes
    assert code != 12345678


def test_codes_cannot_be_tried_from_many_places(browser, careful, settings):
    settings.DANBOORU_RATE_LIMITS = True
    database_clock.stand_still()
    form = new_password(tokens.password_reset_token(careful), code="00000000")
    answers = [
        browser().post(PAGE, form, REMOTE_ADDR=f"198.51.{number}.1").status_code for number in range(12)
    ]
    assert answers == [200] * 10 + [429] * 2


def test_a_banned_user_may_reset_the_password(browser, user):
    User.objects.filter(pk=user.pk).update(is_banned=True)
    browser().post(PAGE, new_password(tokens.password_reset_token(user)))
    assert is_password(user, "new password")
