import re
from datetime import timedelta
from ipaddress import ip_network

import pyotp
import pytest
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from booru.models import EmailAddress, Level, LoginSession, RateLimit, User, UserEvent
from jobs.engine.models import BackgroundJob
from jobs.engine.testing import enqueued_jobs, perform_enqueued_jobs
from mailers.content import tokens
from tests.support import database_clock
from tests.support.buttons import click
from tests.support.factories import EmailAddressFactory, UserFactory

pytestmark = pytest.mark.django_db
Category = UserEvent.Category
Status = LoginSession.Status
SECRET = "JBSWY3DPEHPK3PXP" * 2
HOME, ELSEWHERE = "8.8.8.8", "1.1.1.1"
PROXY = "9.9.9.9"


class CountingHasher(MD5PasswordHasher):
    """Tells how often a password was hashed, which is what takes the time."""

    count = 0

    def encode(self, *args):
        type(self).count += 1
        return super().encode(*args)


def log_in(client, name, password="password", address="127.0.0.1", **fields):
    values = {"session[name]": name, "session[password]": password, **fields}
    return client.post("/session", values, REMOTE_ADDR=address)


def is_logged_in(client):
    return client.get("/settings").status_code == 200


def events(user):
    return [event.category_name for event in UserEvent.objects.filter(user=user).order_by("pk")]


class TestPassword:
    def test_log_in_by_name_whatever_its_case(self, browser):
        UserFactory(name="alice_w")
        client = browser()
        response = log_in(client, "Alice W")
        assert response["Location"] == "/"
        page = client.get("/").content.decode()
        assert "My Account" in page
        assert "You are now logged in" in page

    def test_log_in_by_email_address(self, browser):
        address = EmailAddress(user=UserFactory())
        address.assign("Foo.Bar+nospam@Googlemail.com")
        address.save()
        assert log_in(browser(), "foobar@gmail.com").status_code == 302

    def test_a_program_logs_in(self, browser, member):
        body = {"session": {"name": member.name, "password": "password"}}
        response = browser().post("/session.json", body, "application/json")
        assert (response.status_code, response.json()["id"]) == (201, member.pk)
        body["session"]["password"] = "wrong"
        response = browser().post("/session.json", body, "application/json")
        assert response.status_code == 401
        assert response.json()["message"] == "Incorrect username or password"

    def test_a_wrong_password_and_an_unknown_name_sound_the_same(self, browser):
        user = UserFactory(with_email=True)
        tries = [
            *(
                (user.name, "wrong"),
                (user.email_address.address, "wrong"),
                ("nobody@example.com", "password"),
            ),
            *(("nobody", "password"), ("", ""), ("a\ud83d", "x")),
        ]
        for name, password in tries:
            response = log_in(browser(), name.encode(errors="replace"), password)
            assert response.status_code == 401
            assert "Incorrect username or password" in response.content.decode()

    def test_a_wrong_password_is_recorded_and_an_unknown_name_is_not(self, browser, member):
        log_in(browser(), member.name, "wrong")
        log_in(browser(), "nobody")
        assert [event.category_name for event in UserEvent.objects.all()] == ["failed_login"]
        assert not LoginSession.objects.exists()

    def test_an_unknown_name_makes_as_much_work_as_a_wrong_password(self, browser, settings):
        settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
        user, deleted = UserFactory(with_email=True), UserFactory(is_deleted=True)
        User.objects.system()

        def work(name):
            CountingHasher.count = 0
            with CaptureQueriesContext(connection) as queries:
                log_in(browser(), name, "wrong")
            # Each carries the time limit of the request in front.
            statements = [re.sub(r"^SET LOCAL [^;]*; ", "", query["sql"]).split()[0] for query in queries]
            # What is recorded of nobody is taken back.
            return CountingHasher.count, [word for word in statements if word != "ROLLBACK"]

        usual = work(user.name)
        assert usual[0] == 1
        assert "INSERT" in usual[1]
        assert work("nobody") == work(deleted.name) == usual
        assert work("nobody@example.com") == work(user.email_address.address)

    def test_a_failure_of_a_deleted_user_is_kept(self, browser):
        user = UserFactory(is_deleted=True)
        assert log_in(browser(), user.name).status_code == 401
        assert [event.category for event in user.events.all()] == [Category.FAILED_LOGIN]
        log_in(browser(), "nobody")
        assert UserEvent.objects.count() == 1

    def test_a_deleted_user_does_not_log_in_and_is_logged_out(self, browser, member):
        client = browser(member)
        member.is_deleted = True
        member.save()
        assert log_in(browser(), member.name).status_code == 401
        assert not is_logged_in(client)

    def test_a_banned_user_logs_in(self, browser):
        assert log_in(browser(), UserFactory(is_banned=True).name).status_code == 302

    def test_it_goes_on_to_where_one_came_from(self, browser, member):
        assert log_in(browser(), member.name, url="/dmails")["Location"] == "/dmails"


class TestSession:
    def test_logging_in_is_recorded(self, browser, member):
        client = browser()
        log_in(client, member.name, address=HOME)
        assert events(member) == ["login"]
        session = LoginSession.objects.get()
        assert (session.user, session.status) == (member, Status.ACTIVE)
        member.refresh_from_db()
        assert member.last_ip_addr == HOME
        assert timezone.now() - member.last_logged_in_at < timedelta(minutes=1)

    def test_logging_in_changes_the_session_key_and_the_csrf_token(self, browser, member):
        client = browser()
        client.get("/login")
        token = client.cookies["csrftoken"].value
        log_in(client, member.name)
        key = client.cookies["sessionid"].value
        log_in(client, member.name)
        assert client.cookies["sessionid"].value != key
        assert client.cookies["csrftoken"].value != token

    def test_logging_in_as_somebody_else_ends_the_other_log_in(self, browser, member):
        client, other = browser(), UserFactory()
        log_in(client, member.name)
        key = client.cookies["sessionid"].value
        log_in(client, other.name)
        assert client.cookies["sessionid"].value != key
        statuses = LoginSession.objects.order_by("pk").values_list("user", "status")
        assert list(statuses) == [(member.pk, Status.LOGGED_OUT), (other.pk, Status.ACTIVE)]

    def test_log_out(self, browser, member):
        client = browser()
        log_in(client, member.name)
        client.session["x"] = "y"
        response = client.post("/logout", follow=True)
        assert "You are now logged out" in response.content.decode()
        assert not is_logged_in(client)
        assert events(member) == ["login", "logout"]
        logout = UserEvent.objects.first()
        assert logout.login_session.status == Status.LOGGED_OUT
        assert set(client.session.keys()) <= {"previous_session_id", "_messages"}

    def test_a_program_logs_out(self, browser, member):
        client = browser(member)
        assert client.delete("/session.json").status_code == 204
        assert not is_logged_in(client)

    def test_who_is_not_logged_in_may_log_out(self, browser):
        assert browser().post("/logout").status_code == 303
        assert not UserEvent.objects.exists()

    def test_a_link_cannot_log_anybody_out(self, browser, member):
        client = browser(member)
        client.get("/logout")
        assert is_logged_in(client)

    def test_a_copied_cookie_is_worth_nothing_after_logging_out(self, browser, member):
        client, thief = browser(), browser()
        log_in(client, member.name)
        thief.cookies["sessionid"] = client.cookies["sessionid"].value
        assert is_logged_in(thief)
        client.post("/logout")
        assert not is_logged_in(thief)

    @pytest.mark.parametrize("status", [Status.LOGGED_OUT, Status.REVOKED, Status.EXPIRED])
    def test_a_log_in_that_was_ended_elsewhere_is_over(self, browser, member, status):
        client = browser()
        log_in(client, member.name)
        LoginSession.objects.update(status=status)
        assert not is_logged_in(client)
        LoginSession.objects.update(status=Status.ACTIVE)
        assert not is_logged_in(client)

    def test_a_log_in_without_its_record_is_over(self, browser, member):
        client = browser()
        log_in(client, member.name)
        LoginSession.objects.all().delete()
        assert not is_logged_in(client)

    def test_a_session_from_before_login_sessions_gets_one(self, browser, member):
        client = browser(member)
        assert is_logged_in(client)
        assert LoginSession.objects.get().user == member
        client.get("/")
        assert LoginSession.objects.count() == 1

    def test_the_last_use_is_known_to_five_minutes(self, browser, member):
        client = browser()
        log_in(client, member.name)
        now = timezone.now()
        for minutes, is_noted in ((4, False), (6, True)):
            seen = now - timedelta(minutes=minutes)
            LoginSession.objects.update(last_seen_at=seen)
            client.get("/")
            assert (LoginSession.objects.get().last_seen_at != seen) is is_noted

    def test_the_cookie_lives_on_from_the_first_use_of_a_day(self, browser, member):
        client = browser()
        log_in(client, member.name)
        assert "sessionid" not in client.get("/").cookies
        LoginSession.objects.update(last_seen_at=timezone.now() - timedelta(days=1))
        assert client.get("/").cookies["sessionid"]["max-age"] == 28 * 24 * 60 * 60
        assert "sessionid" not in client.get("/").cookies

    def test_the_last_visit_is_noted(self, browser, member):
        browser(member).get("/", REMOTE_ADDR="203.0.113.9")
        member.refresh_from_db()
        assert member.last_logged_in_at is not None
        assert member.last_ip_addr == "203.0.113.9"


class TestProxy:
    @pytest.fixture(autouse=True)
    def proxies(self, settings):
        settings.DANBOORU_PROXY_NETWORKS = [ip_network("9.9.9.0/24")]

    @pytest.mark.parametrize(
        ("fields", "status"),
        [
            ({"level": Level.APPROVER}, 401),
            ({"level": Level.OWNER}, 401),
            ({"level": Level.CONTRIBUTOR}, 302),
            ({"last_logged_in_at": timezone.now() - timedelta(days=185)}, 401),
            ({"last_logged_in_at": timezone.now() - timedelta(days=175)}, 302),
            ({"level": Level.OWNER, "totp_secret": SECRET}, 200),
        ],
    )
    def test_who_has_much_to_lose_needs_two_factors(self, browser, fields, status):
        user = UserFactory(**fields)
        response = log_in(browser(), user.name, address=PROXY)
        assert response.status_code == status
        message = "You cannot login from a proxy unless you have 2FA enabled"
        assert (message in response.content.decode()) is (status == 401)
        expected = {401: "failed_login", 302: "login", 200: "totp_login_pending_verification"}[status]
        assert events(user) == [expected]

    def test_elsewhere_an_approver_logs_in(self, browser):
        assert log_in(browser(), UserFactory(level=Level.APPROVER).name, address=HOME).status_code == 302

    def test_a_wrong_password_does_not_tell_of_the_proxy(self, browser):
        user = UserFactory(level=Level.APPROVER)
        response = log_in(browser(), user.name, "wrong", address=PROXY)
        assert "Incorrect username or password" in response.content.decode()


class TestSecondFactor:
    @pytest.fixture
    def user(self):
        return UserFactory(
            with_email=True, level=Level.BUILDER, totp_secret=SECRET, backup_codes=[1234, 87654321]
        )

    def code(self):
        return pyotp.TOTP(SECRET).now()

    def enter(self, client, code, **extra):
        return client.post("/session/verify_totp", {"session[code]": code}, **extra)

    def test_the_password_alone_does_not_log_in(self, browser, user):
        client = browser()
        response = log_in(client, user.name)
        assert response.status_code == 200
        assert "one-time-code" in response.content.decode()
        assert not is_logged_in(client)
        assert events(user) == ["totp_login_pending_verification"]
        assert not enqueued_jobs()

    def test_the_code_of_the_app_does(self, browser, user):
        client = browser()
        log_in(client, user.name, url="/dmails")
        assert client.get("/session/verify_totp").status_code == 200
        response = self.enter(client, self.code())
        assert (response.status_code, response["Location"]) == (302, "/dmails")
        assert is_logged_in(client)
        assert events(user) == ["totp_login_pending_verification", "totp_login"]
        assert UserEvent.objects.first().login_session == LoginSession.objects.get()

    def test_a_backup_code_does_and_is_used_up(self, browser, user):
        client = browser()
        log_in(client, user.name)
        assert self.enter(client, "00001234").status_code == 302
        assert events(user)[-1] == "backup_code_login"
        user.refresh_from_db()
        assert 1234 not in user.backup_codes
        assert 87654321 in user.backup_codes
        again = browser()
        log_in(again, user.name)
        assert self.enter(again, "00001234").status_code == 401

    @pytest.mark.parametrize("code", ["000000", "", "x", "1" * 5000, "\uff11\uff12\uff13\uff14\uff15\uff16"])
    def test_a_wrong_code_does_not(self, browser, user, code):
        client = browser()
        log_in(client, user.name)
        response = self.enter(client, code)
        assert response.status_code == 401
        assert "Verification code is incorrect" in response.content.decode()
        assert not is_logged_in(client)
        assert events(user)[-1] == "totp_failed_login"
        assert self.enter(client, self.code()).status_code == 302

    def test_a_code_works_once(self, browser, user):
        code = self.code()
        for status in (302, 401):
            client = browser()
            log_in(client, user.name)
            assert self.enter(client, code).status_code == status

    def test_a_code_without_the_password_leads_back_to_the_beginning(self, browser, user):
        for response in (self.enter(browser(), self.code()), browser().get("/session/verify_totp")):
            assert (response.status_code, response["Location"]) == (302, "/login")
        body = {"session": {"code": self.code()}}
        assert browser().post("/session/verify_totp", body, "application/json").status_code == 401

    def test_the_password_must_have_been_entered_lately(self, browser, user):
        client = browser()
        log_in(client, user.name)
        session = client.session
        session["pending_login"] = {**session["pending_login"], "time": timezone.now().timestamp() - 16 * 60}
        session.save()
        assert self.enter(client, self.code())["Location"] == "/login"
        assert not is_logged_in(client)

    @pytest.mark.parametrize("change", ["password", "deletion"])
    def test_what_happens_to_the_account_meanwhile_counts(self, browser, user, change):
        client = browser()
        log_in(client, user.name)
        if change == "password":
            user.set_password("another")
        user.is_deleted = change == "deletion"
        user.save()
        assert self.enter(client, self.code())["Location"] == "/login"

    def test_a_program_is_asked_for_the_code(self, browser, user):
        client = browser()
        body = {"session": {"name": user.name, "password": "password"}}
        response = client.post("/session.json", body, "application/json")
        assert (response.status_code, response.json()["error"]) == (401, "VerificationCodeRequired")
        response = client.post("/session/verify_totp.json", {"code": self.code()}, "application/json")
        assert (response.status_code, response.json()["id"]) == (201, user.pk)

    def test_it_does_not_end_another_log_in_before_the_code_is_right(self, browser, user, member):
        client = browser()
        log_in(client, member.name)
        log_in(client, user.name)
        self.enter(client, "000000")
        assert "member" in client.get("/profile", follow=True).content.decode()
        assert LoginSession.objects.get().is_active


class TestNewLocation:
    MESSAGE = "New login location detected. Check your email to continue"

    @pytest.fixture
    def user(self):
        user = UserFactory(with_email=True, with_email__is_verified=False, level=Level.BUILDER)
        UserEvent.objects.create(user=user, category=Category.LOGIN, ip_addr=HOME)
        return user

    def test_it_is_verified_by_email(self, browser, user):
        client = browser()
        response = log_in(client, user.name, address=ELSEWHERE)
        assert response.status_code == 401
        assert self.MESSAGE in response.content.decode()
        assert not is_logged_in(client)
        event = UserEvent.objects.first()
        assert (event.category, event.ip_addr) == (Category.LOGIN_PENDING_VERIFICATION, ELSEWHERE)
        assert not LoginSession.objects.exists()
        job = BackgroundJob.objects.get()
        assert job.arguments["args"][1] == "login_verification"
        assert job.context["ip_addr"] == ELSEWHERE

    @pytest.mark.parametrize("address", [HOME, "8.8.8.99"])
    def test_a_known_network_needs_no_email(self, browser, user, address):
        assert log_in(browser(), user.name, address=address).status_code == 302

    def test_only_what_proves_a_log_in_makes_a_place_known(self, browser, user):
        UserEvent.objects.create(user=user, category=Category.FAILED_LOGIN, ip_addr=ELSEWHERE)
        UserEvent.objects.create(user=UserFactory(), category=Category.LOGIN, ip_addr=ELSEWHERE)
        assert log_in(browser(), user.name, address=ELSEWHERE).status_code == 401

    @pytest.mark.parametrize(
        ("level", "email", "status"),
        [
            (Level.PLATINUM, {"is_verified": True}, 302),
            (Level.BUILDER, {"is_verified": True}, 401),
            (Level.OWNER, {"is_verified": False}, 401),
            (Level.OWNER, {"is_deliverable": False}, 302),
            (Level.OWNER, None, 302),
        ],
    )
    def test_it_is_for_builders_who_can_get_email(self, browser, level, email, status):
        user = UserFactory(level=level)
        if email is not None:
            EmailAddressFactory(user=user, **email)
        assert log_in(browser(), user.name, address=ELSEWHERE).status_code == status

    def test_the_link_makes_the_place_known(self, browser, user):
        client = browser()
        log_in(client, user.name, address=ELSEWHERE)
        response = self.follow(client, self.token())
        assert response.status_code == 200
        assert "New location verified. Login again to continue" in response.content.decode()
        assert not is_logged_in(client)
        event = UserEvent.objects.first()
        assert (event.category, event.ip_addr) == (Category.LOGIN_VERIFICATION, ELSEWHERE)
        assert log_in(client, user.name, address=ELSEWHERE).status_code == 302

    def test_the_link_is_in_the_email(self, browser, user, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        client = browser()
        log_in(client, user.name, address=ELSEWHERE)
        perform_enqueued_jobs()
        [email] = mail.outbox
        assert ELSEWHERE in email.body
        link = re.search(r"http://localhost:8000(/login\?signed_login_event=\S+)", email.body)[1]
        page = click(client, link, "Verify login", REMOTE_ADDR=ELSEWHERE)
        assert "New location verified" in page.content.decode()
        assert log_in(client, user.name, address=ELSEWHERE).status_code == 302

    def test_the_link_makes_known_where_it_is_opened(self, browser, user):
        thief = browser()
        log_in(thief, user.name, address=ELSEWHERE)
        self.follow(browser(), self.token(), address=HOME)
        assert log_in(thief, user.name, address=ELSEWHERE).status_code == 401

    def test_a_link_that_is_opened_twice_is_recorded_once_for_each_place(self, browser, user):
        log_in(browser(), user.name, address=ELSEWHERE)
        token = self.token()
        for address in (HOME, HOME, ELSEWHERE):
            assert "New location verified" in self.follow(browser(), token, address=address).content.decode()
        verified = UserEvent.objects.filter(category=Category.LOGIN_VERIFICATION)
        assert sorted(verified.values_list("ip_addr", flat=True)) == [ELSEWHERE, HOME]

    def test_a_bad_link_does_nothing(self, browser, user):
        log_in(browser(), user.name, address=ELSEWHERE)
        pending = UserEvent.objects.first()
        login = UserEvent.objects.get(category=Category.LOGIN)
        bad = [
            "x",
            self.token() + "x",
            tokens.sign("password_reset", pending.pk),
            tokens.sign("login_verification", login.pk),
            tokens.sign("login_verification", 0),
        ]
        for token in bad:
            response = self.follow(browser(), token)
            assert response.status_code == 200
            assert "Expired link. Please login again" in response.content.decode()
        assert not UserEvent.objects.filter(category=Category.LOGIN_VERIFICATION).exists()

    def test_the_link_works_for_fifteen_minutes(self, browser, user):
        log_in(browser(), user.name, address=ELSEWHERE)
        token, sent_at = self.token(), timezone.now()
        for minutes, text in ((14, "New location verified"), (16, "Expired link")):
            with time_machine.travel(sent_at + timedelta(minutes=minutes)):
                assert text in self.follow(browser(), token).content.decode()

    def test_a_deleted_user_s_link_does_nothing(self, browser, user):
        log_in(browser(), user.name, address=ELSEWHERE)
        user.is_deleted = True
        user.save()
        assert "Expired link" in self.follow(browser(), self.token()).content.decode()

    def token(self):
        pending = UserEvent.objects.filter(category=Category.LOGIN_PENDING_VERIFICATION).first()
        return tokens.sign("login_verification", pending.pk)

    def follow(self, client, token, address=ELSEWHERE):
        """Open the link, and click if it asks for it."""
        page = client.get("/login", {"signed_login_event": token}, REMOTE_ADDR=address)
        if "Allow a new location" not in page.content.decode():
            return page
        return click(client, f"/login?signed_login_event={token}", "Verify login", REMOTE_ADDR=address)

    def test_opening_the_link_lets_nobody_in(self, browser, user):
        client = browser()
        log_in(client, user.name, address=ELSEWHERE)
        for method in (client.get, client.head):
            answer = method("/login", {"signed_login_event": self.token()}, REMOTE_ADDR=ELSEWHERE)
            assert answer.status_code == 200
        assert not UserEvent.objects.filter(category=Category.LOGIN_VERIFICATION).exists()
        assert log_in(client, user.name, address=ELSEWHERE).status_code == 401

    def test_a_click_with_a_bad_link_does_nothing(self, browser, user):
        log_in(browser(), user.name, address=ELSEWHERE)
        for token in ("", "x", self.token() + "x"):
            page = browser().post("/login", {"signed_login_event": token}, REMOTE_ADDR=ELSEWHERE)
            assert "Expired link" in page.content.decode()
        assert not UserEvent.objects.filter(category=Category.LOGIN_VERIFICATION).exists()

    def test_a_click_from_another_site_does_nothing(self, browser, user):
        log_in(browser(), user.name, address=ELSEWHERE)
        answer = browser(checks_csrf=True).post("/login", {"signed_login_event": self.token()})
        assert answer.status_code == 403


class TestLimits:
    @pytest.fixture(autouse=True)
    def limits(self, settings):
        settings.DANBOORU_RATE_LIMITS = True
        database_clock.stand_still()

    def test_five_log_ins_and_then_one_in_five_minutes(self, browser, member):
        tries = [log_in(browser(), member.name, "wrong").status_code for _ in range(6)]
        assert tries == [401] * 5 + [429]
        assert log_in(browser(), member.name).status_code == 429
        RateLimit.objects.update(updated_at=timezone.now() - timedelta(minutes=16))
        assert log_in(browser(), member.name).status_code == 302

    def test_confirming_the_password_counts_too(self, browser, member):
        client = browser(member)
        for _ in range(5):
            client.post("/session/confirm_password", {"session[password]": "wrong"})
        response = log_in(browser(), member.name)
        assert response.status_code == 429
        assert "You&#x27;re doing that too fast" in response.content.decode()

    def test_an_inbox_is_not_filled_from_many_places(self, browser):
        user = UserFactory(with_email=True, level=Level.BUILDER)
        statuses = [log_in(browser(), user.name, address=f"1.1.{n}.1").status_code for n in range(6)]
        assert statuses == [401] * 5 + [429]
        assert len(enqueued_jobs()) == 5

    def test_a_code_is_not_found_by_trying_from_many_places(self, browser):
        user = UserFactory(totp_secret=SECRET)
        statuses = []
        for n in range(12):
            client, address = browser(), f"1.1.{n}.1"
            log_in(client, user.name, address=address)
            response = client.post("/session/verify_totp", {"session[code]": "000000"}, REMOTE_ADDR=address)
            statuses.append(response.status_code)
        assert statuses == [401] * 10 + [429] * 2
