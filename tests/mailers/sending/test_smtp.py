"""Emails as a real SMTP server receives them."""

from __future__ import annotations

import email
from email import policy
from typing import TYPE_CHECKING

import pytest

from jobs.engine.context import RequestContext, use_context
from jobs.engine.testing import perform_enqueued_jobs
from jobs.mail import TemporaryDeliveryError
from mailers.models import SentMail, SentMailStatus
from mailers.sending.dialogue import Unanswered
from mailers.user_mailer import UserMailer
from tests.mailers.people import make_dmail, make_user
from tests.support.smtp_server import mail_server

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.smtp_server import MailServer

pytestmark = [
    pytest.mark.django_db,
    # Our own server, on 127.0.0.1.
    pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS"),
]


def test_an_email_arrives_whole(server: MailServer) -> None:
    alice, bob = make_user("アリス"), make_user("bob", "bob@example.com")
    context = RequestContext("req-1", "POST", "https://booru.example/dmails", bob.pk, "203.0.113.7", "d1ge57")
    headers = {"X-Danbooru-Dmail": "https://booru.example/dmails/1"}
    dmail = make_dmail(alice, bob, "お知らせ", ".\r\n.hidden dots\r\nFrom here on, it is long: " + "é" * 2000)
    with use_context(context):
        job = UserMailer(headers=headers).dmail_notice(dmail).deliver_later()
    perform_enqueued_jobs(raise_errors=True)

    (envelope,) = server.received
    assert envelope.mail_from == "notifications@booru.example"
    assert envelope.rcpt_tos == ["bob@example.com"]
    message = email.message_from_bytes(envelope.content, policy=policy.strict)
    assert message["From"] == "Danbooru <notifications@booru.example>"
    assert message["To"] == "bob <bob@example.com>"
    assert message["Subject"] == "Danbooru: アリス sent you a message"
    assert message["Date"].datetime
    assert message["Message-ID"] == f"<{job.pk}@booru.example>"
    assert message["X-Danbooru-User"] == f"bob <https://booru.example/users/{bob.pk}>"
    assert message["X-Danbooru-URL"] == "POST https://booru.example/dmails"
    assert message["X-Danbooru-IP"] == "203.0.113.7"
    assert message["X-Danbooru-Session"] == "d1ge57"
    assert message["X-Danbooru-Job-Id"] == str(job.pk)
    assert message["X-Danbooru-Enqueued-At"].endswith("Z")
    assert message["X-Danbooru-Dmail"] == "https://booru.example/dmails/1"
    assert message["X-Request-Id"] == "req-1"
    assert message["List-Unsubscribe"].startswith(
        "<https://booru.example/maintenance/user/email_notification?"
    )
    assert message["List-Unsubscribe"].endswith(">")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text = message.get_body(("plain",)).get_content()
    assert "\n> .\n> .hidden dots\n> From here on, it is long: " + "é" * 2000 in text.replace("\r\n", "\n")
    assert envelope.content.isascii()


@pytest.mark.parametrize(
    "name",
    ["アリス", "a" * 250, '"quoted", (comment) \\ <x@y>;', "x\r\nBcc: all@example.com", "=?utf-8?q?=0A?="],
)
def test_whatever_the_recipient_is_called_it_arrives_at_one_address(name: str, server: MailServer) -> None:
    UserMailer().welcome_user(make_user(name, "bob@example.com")).deliver_now()
    (envelope,) = server.received
    assert envelope.rcpt_tos == ["bob@example.com"]
    message = email.message_from_bytes(envelope.content, policy=policy.strict)
    assert [address.addr_spec for address in message["To"].addresses] == ["bob@example.com"]
    assert "Bcc" not in message


@pytest.mark.parametrize("method", ["plain", "login"])
def test_the_way_to_log_in_can_be_chosen(method: str, use_delivery_url: Callable[[str], None]) -> None:
    with mail_server(with_login=True) as server:
        use_delivery_url(f"smtp://me%40example.com:right@127.0.0.1:{server.port}?authentication={method}")
        UserMailer().welcome_user(make_user("bob", "bob@example.com")).deliver_now()
        assert server.logins == [(method.upper(), "me@example.com", "right")]
        assert len(server.received) == 1


def test_a_wrong_password_fails_and_is_not_recorded(use_delivery_url: Callable[[str], None]) -> None:
    with mail_server(with_login=True) as server:
        use_delivery_url(f"smtp://me:hunter2@127.0.0.1:{server.port}")
        with pytest.raises(TemporaryDeliveryError, match="SMTPAuthenticationError"):
            UserMailer().welcome_user(make_user("bob", "bob@example.com")).deliver_now()
    record = SentMail.objects.get()
    assert record.status == SentMailStatus.FAILED
    assert record.reason.startswith("SMTPAuthenticationError: (535")
    assert "hunter2" not in record.reason


def test_without_starttls_nothing_is_sent_where_it_is_required(
    server: MailServer, use_delivery_url: Callable[[str], None]
) -> None:
    use_delivery_url(f"smtp://127.0.0.1:{server.port}?enable_starttls=true")
    with pytest.raises(TemporaryDeliveryError, match=r"StarttlsNotOffered: 127\.0\.0\.1 does not offer"):
        UserMailer().welcome_user(make_user("bob", "bob@example.com")).deliver_now()
    assert not server.received


@pytest.mark.usefixtures("impatient")
def test_a_silent_server_costs_the_read_time_out(server: MailServer) -> None:
    server.replies = ["silence"]
    with pytest.raises(Unanswered, match="timed out"):
        UserMailer().welcome_user(make_user("bob", "bob@example.com")).deliver_now()


def test_an_answer_that_means_later_is_a_temporary_error_that_quotes_it(server: MailServer) -> None:
    server.recipient_replies = ["450 4.2.0 Greylisted, come back later"]
    with pytest.raises(TemporaryDeliveryError, match=r"SMTPRecipientsRefused: .*450.*Greylisted"):
        UserMailer().welcome_user(make_user("bob", "bob@example.com")).deliver_now()
    assert SentMail.objects.get().status == SentMailStatus.FAILED
