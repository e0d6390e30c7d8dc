"""From the page that causes an email, through a mail server, back to the page that its link opens."""

from __future__ import annotations

import email
from email import policy
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from booru.models import Level, UserEvent
from jobs.engine.testing import assert_no_enqueued, perform_enqueued_jobs
from tests.mailers.people import make_user
from tests.mailers.reading import Links, parts
from tests.support.buttons import click
from tests.support.factories import UserFactory

if TYPE_CHECKING:
    from email.message import EmailMessage

    from booru.models import User
    from tests.support.smtp_server import MailServer

pytestmark = pytest.mark.django_db
SITE = "https://booru.example"


def received(server: MailServer) -> EmailMessage:
    """The one email that came since the last look."""
    (message,) = all_received(server)
    return message


def all_received(server: MailServer) -> list[EmailMessage]:
    perform_enqueued_jobs(raise_errors=True)
    contents = [envelope.content for envelope in server.received]
    server.received.clear()
    return [email.message_from_bytes(content, policy=policy.strict) for content in contents]


def link(message: EmailMessage, label: str) -> str:
    html, text = parts(message)
    url = dict(Links(html).found)[label]
    assert url in text
    return url.removeprefix(SITE)


def log_in(client: Client, name: str = "bob", password: str = "password", **options: str) -> int:
    fields = {"session[name]": name, "session[password]": password}
    return client.post("/session", fields, **options).status_code


@pytest.fixture
def bob() -> User:
    return make_user("bob", "bob@example.com", verified=False)


def test_signing_up_and_confirming_the_address(server: MailServer, client: Client) -> None:
    fields = {"name": "carol", "email_address": "carol@example.com"}
    fields |= {"password": "sesame", "password_confirmation": "sesame"}
    headers = {"User-Agent": "Firefox"}
    answer = client.post(
        "/users", {f"user[{name}]": value for name, value in fields.items()}, headers=headers
    )
    message = received(server)
    assert message["To"] == "carol <carol@example.com>"
    assert message["X-Request-Id"] == answer["X-Request-Id"]
    assert message["X-Danbooru-URL"] == "POST http://testserver/users"
    assert message["X-Danbooru-IP"] == "127.0.0.1"
    assert message["X-Danbooru-Session"]
    reader = Client()
    click(reader, link(message, "Verify email address"), "Verify email address")
    assert "Email address verified" in reader.get("/posts").content.decode()


def test_resetting_the_password_once(server: MailServer, bob: User) -> None:
    answer = Client().post("/password_reset", {"user[name]": "bob@example.com"})
    message = received(server)
    assert message["X-Request-Id"] == answer["X-Request-Id"]
    url = link(message, "Reset password")
    fields = {
        "_method": "put",
        "user[password]": "n3w password",
        "user[password_confirmation]": "n3w password",
    }
    page = Client().get(url)
    assert page.status_code == 200
    fields["user[signed_id]"] = page.context["form"].initial["signed_id"]
    assert Client().post("/password_reset", fields, follow=True).context["viewer"] == bob
    assert log_in(Client(), password="password") == 401
    assert log_in(Client(), password="n3w password") == 302

    again = Client().get(url, follow=True)
    assert "Password reset link is invalid or expired" in again.content.decode()
    fields |= {"user[password]": "stolen", "user[password_confirmation]": "stolen"}
    Client().post("/password_reset", fields)
    assert log_in(Client(), password="stolen") == 401


def test_logging_in_from_a_new_place(server: MailServer) -> None:
    bob = make_user("bob", "bob@example.com", verified=False)
    bob.level = Level.BUILDER
    bob.save()
    # A home and an attacker's place.
    there, elsewhere = {"REMOTE_ADDR": "93.184.216.5"}, {"REMOTE_ADDR": "185.220.1.9"}
    assert log_in(Client(), headers={"User-Agent": "Netscape 4"}, **there) == 401
    message = received(server)
    _, text = parts(message)
    assert "IP address: 93.184.216.5" in text
    assert "Device: Netscape 4" in text
    assert message["X-Danbooru-IP"] == "93.184.216.5"
    page = click(Client(), link(message, "Verify login"), "Verify login", **there)
    assert "New location verified. Login again to continue" in page.content.decode()
    assert log_in(Client(), **there) == 302
    assert log_in(Client(), **elsewhere) == 401


def test_changing_the_address_and_confirming_the_new_one(server: MailServer, bob: User) -> None:
    client = Client()
    log_in(client)
    client.post(f"/users/{bob.pk}/email", {"_method": "put", "email_address[address]": "new@example.com"})
    message, *told = all_received(server)
    assert sorted(str(notice["To"]) for notice in told) == ["bob <bob@example.com>", "bob <new@example.com>"]
    assert message["To"] == "bob <new@example.com>"
    assert message["Subject"] == "Confirm your email address"
    click(Client(), link(message, "Verify email address"), "Verify email address")
    bob.email_address.refresh_from_db()
    assert (bob.email_address.address, bob.email_address.is_verified) == ("new@example.com", True)


def test_a_message_its_answer_and_no_more_of_them(server: MailServer) -> None:
    make_user("alice")
    bob = make_user("bob", "bob@example.com")
    bob.receive_email_notifications = True
    bob.save()
    alices, bobs = Client(REMOTE_ADDR="185.220.1.9"), Client()
    log_in(alices, "alice")
    log_in(bobs)
    fields = {"dmail[to_name]": "bob", "dmail[title]": "Hello", "dmail[body]": "How are [b]you[/b]?"}
    answer = alices.post("/dmails", fields)
    message = received(server)
    assert message["X-Danbooru-Dmail"].endswith(link(message, "View message"))
    assert message["X-Request-Id"] == answer["X-Request-Id"]
    assert "X-Danbooru-IP" not in message
    assert "X-Danbooru-Session" not in message
    assert "Hello" in bobs.get(link(message, "View message")).content.decode()
    assert "alice said:" in bobs.get(link(message, "Reply")).content.decode()

    url = message["List-Unsubscribe"].strip("<>").removeprefix(SITE)
    assert link(message, "Unsubscribe") == link(message, "Click here") == url
    Client(enforce_csrf_checks=True).post(url, {"List-Unsubscribe": "One-Click"})
    alices.post("/dmails", fields)
    assert_no_enqueued()


def test_a_backup_code_from_an_admin_lets_its_owner_in_once(server: MailServer, bob: User) -> None:
    bob.totp_secret, bob.backup_codes = "JBSWY3DPEHPK3PXP", [1234567, 87654321]
    bob.save()
    admin = UserFactory(name="ada", level=Level.ADMIN)
    admins = Client(REMOTE_ADDR="185.220.1.9")
    admins.force_login(admin)
    session = admins.session
    admins.post(f"/users/{bob.pk}/backup_codes/recover")
    message = received(server)
    assert "185.220.1.9" not in message.as_string()
    assert session.session_key not in message.as_string()
    _, text = parts(message)
    assert "\n    01234567" in text.replace("\r\n", "\n")

    client = Client()
    log_in(client)
    client.post("/session/verify_totp", {"session[code]": "01234567"}, follow=True)
    assert client.get("/settings").status_code == 200
    assert UserEvent.objects.filter(user=bob, category=UserEvent.Category.BACKUP_CODE_LOGIN).exists()
    bob.refresh_from_db()
    assert 1234567 not in bob.backup_codes
