"""Emails through a provider's API, here one on 127.0.0.1."""

from __future__ import annotations

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused
from anymail.message import AnymailRecipientStatus

from jobs.mail import TemporaryDeliveryError
from mailers.content.message import Message
from mailers.models import SentMail, SentMailStatus
from mailers.sending.delivery import NotTaken
from mailers.user_mailer import UserMailer
from tests.mailers.people import make_user

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.django_db

TAKEN = {
    "To": "bob@example.com",
    "MessageID": "1",
    "ErrorCode": 0,
    "Message": "OK",
    "SubmittedAt": "2026-01-01",
}


@contextmanager
def postmark(status: int, answer: dict[str, Any]) -> Iterator[tuple[str, list[tuple[str, dict[str, Any]]]]]:
    """An API like Postmark's that gives this answer; yields its URL, and the tokens and emails it is sent."""
    received: list[tuple[str, dict[str, Any]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append((self.headers["X-Postmark-Server-Token"], json.loads(body)))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *args: Any) -> None:
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", received
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_provider_gets_both_parts_and_the_headers(use_delivery_url: Callable[[str], None]) -> None:
    bob = make_user("アリス", "bob@example.com")
    with postmark(200, TAKEN) as (url, received):
        use_delivery_url(f"anymail+postmark://T0KEN@?api_url={url}")
        record = UserMailer().welcome_user(bob).deliver_now()
    ((token, sent),) = received
    assert record.status == SentMailStatus.SENT
    assert token == "T0KEN"
    assert sent["From"] == "Danbooru <welcome@booru.example>"
    assert "bob@example.com" in sent["To"]
    assert sent["Subject"] == "Welcome to Danbooru! Confirm your email address"
    assert "Verify email address" in sent["HtmlBody"]
    assert "Verify email address" in sent["TextBody"]
    assert sent["Tag"] == "welcome_user"
    assert sent["Metadata"] == {"mail": "UserMailer.welcome_user", "user_id": str(bob.pk)}
    headers = {header["Name"]: header["Value"] for header in sent["Headers"]}
    assert headers["Message-ID"] == record.message_id
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["X-Danbooru-User"].isascii()


@pytest.mark.parametrize(
    ("status", "error"),
    [(429, TemporaryDeliveryError), (503, TemporaryDeliveryError), (401, AnymailAPIError)],
)
def test_the_providers_refusal_is_recorded_without_its_token(
    status: int, error: type[Exception], use_delivery_url: Callable[[str], None]
) -> None:
    with postmark(status, {"ErrorCode": 10, "Message": "No."}) as (url, _):
        use_delivery_url(f"anymail+postmark://T0KEN@?api_url={url}")
        with pytest.raises(error):
            UserMailer().welcome_user(make_user("bob", "bob@example.com")).deliver_now()
    record = SentMail.objects.get()
    assert record.status == SentMailStatus.FAILED
    assert str(status) in record.reason
    assert "T0KEN" not in record.reason


INVALID = "Error parsing 'To': Illegal email address 'bob@example.com'."
INACTIVE = (
    "You tried to send to a recipient that has been marked as inactive.\n"
    "Found inactive addresses: bob@example.com.\nInactive recipients are ones that have bounced."
)


@pytest.mark.parametrize(
    ("code", "message", "status", "is_deliverable"),
    [(300, INVALID, SentMailStatus.BOUNCED, False), (406, INACTIVE, SentMailStatus.REJECTED, True)],
)
def test_a_recipient_that_the_provider_refuses(
    code: int, message: str, status: str, is_deliverable: bool, use_delivery_url: Callable[[str], None]
) -> None:
    bob = make_user("bob", "bob@example.com")
    with postmark(422, {"ErrorCode": code, "Message": message}) as (url, _):
        use_delivery_url(f"anymail+postmark://T0KEN@?api_url={url}")
        with pytest.raises(AnymailRecipientsRefused):
            UserMailer().welcome_user(bob).deliver_now()
    assert SentMail.objects.get().status == status
    bob.email_address.refresh_from_db()
    assert bob.email_address.is_deliverable is is_deliverable


def test_the_providers_id_is_kept(use_delivery_url: Callable[[str], None]) -> None:
    with postmark(200, {**TAKEN, "MessageID": "b7bc2f4a"}) as (url, _):
        use_delivery_url(f"anymail+postmark://T0KEN@?api_url={url}")
        UserMailer().welcome_user(make_user("bob", "bob@example.com")).deliver_now()
    assert SentMail.objects.get().provider_message_id == "b7bc2f4a"


def test_a_provider_that_takes_it_and_fails_has_not_sent_it(
    use_delivery_url: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    use_delivery_url("anymail+test://")
    failed = {"recipient_status": {"bob@example.com": AnymailRecipientStatus("1", "failed")}}
    monkeypatch.setattr(Message, "anymail_test_response", failed, raising=False)
    with pytest.raises(NotTaken):
        UserMailer().welcome_user(make_user("bob", "bob@example.com")).deliver_now()
    assert SentMail.objects.get().status == SentMailStatus.FAILED
