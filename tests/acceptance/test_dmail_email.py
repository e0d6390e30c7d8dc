"""A dmail written on the site becomes an email: real worker, real SMTP, checked on the wire."""

import email
import re
import uuid
from datetime import datetime, timedelta
from email import policy

import pytest
from django.test import Client
from django.utils import timezone

from booru.models import Dmail
from jobs.engine.context import session_digest
from jobs.engine.models import BackgroundJob
from mailers.models import SentMail
from tests.support.buttons import click
from tests.support.clusters import all_finished, running_cluster
from tests.support.factories import EmailAddressFactory, UserFactory
from tests.support.smtp_server import mail_server
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.acceptance, pytest.mark.django_db(transaction=True)]
SITE = "http://booru.test"


@pytest.fixture
def cluster(tmp_path, settings):
    settings.DANBOORU_CANONICAL_URL = SITE
    with mail_server() as server:
        environment = {
            "DANBOORU_MAIL_DELIVERY_URL": f"smtp://127.0.0.1:{server.port}",
            "DANBOORU_CANONICAL_URL": SITE,
        }
        with running_cluster(tmp_path, **environment):
            yield server


def parsed(envelope):
    """As a receiver would; a strict policy raises on what RFC 5322 does not allow."""
    return email.message_from_bytes(envelope.content, policy=policy.strict)


def test_a_dmail_arrives_as_an_email_with_every_header(cluster):
    sender = UserFactory(name="sender")
    recipient = UserFactory(name="recipient", receive_email_notifications=True)
    EmailAddressFactory(user=recipient, address="recipient@example.com")
    client = Client(REMOTE_ADDR="203.0.113.7")
    client.force_login(sender)
    form = {"dmail[to_name]": "recipient", "dmail[title]": "Hello", "dmail[body]": "How are [b]you[/b]?"}
    response = client.post("/dmails?token=hunter2", form, headers={"X-Request-Id": "request-42"})
    assert response.status_code == 302
    request_id = response["X-Request-Id"]
    assert request_id != "request-42"

    wait_until(lambda: cluster.received, what="the email")
    (envelope,) = cluster.received
    assert (envelope.mail_from, envelope.rcpt_tos) == ("notifications@booru.test", ["recipient@example.com"])
    message = parsed(envelope)
    dmail = Dmail.objects.get(owner=recipient)
    wait_until(all_finished)
    job = BackgroundJob.objects.get()
    assert message["From"] == "Danbooru <notifications@booru.test>"
    assert message["To"] == "recipient <recipient@example.com>"
    assert message["Subject"] == "Danbooru: sender sent you a message"
    assert message["Message-ID"] == f"<{job.pk}@booru.test>"
    assert message["X-Danbooru-User"] == f"recipient <{SITE}/users/{recipient.pk}>"
    assert message["X-Danbooru-URL"] == "POST http://testserver/dmails?token=[FILTERED]"
    assert message["X-Request-Id"] == request_id
    assert job.context["client_request_id"] == "request-42"
    assert message["X-Danbooru-Job-Id"] == str(job.pk)
    assert message["X-Danbooru-Dmail"] == f"{SITE}/dmails/{dmail.pk}"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    # The sender's address and session are not for the recipient to know.
    assert message["X-Danbooru-IP"] is None
    assert message["X-Danbooru-Session"] is None
    enqueued_at = message["X-Danbooru-Enqueued-At"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", enqueued_at)
    assert abs(datetime.fromisoformat(enqueued_at) - timezone.now()) < timedelta(minutes=2)

    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    text, html = (part.get_content() for part in message.iter_parts())
    for content in (text, html):
        assert "Hello" in content
        assert f"{SITE}/dmails/{dmail.pk}" in content
    assert "<strong>you</strong>" in html or "<b>you</b>" in html

    unsubscribe = message["List-Unsubscribe"].strip("<>")
    assert unsubscribe.startswith(f"{SITE}/maintenance/user/email_notification?")
    one_click = Client().post(unsubscribe.removeprefix(SITE), {"List-Unsubscribe": "One-Click"})
    assert (one_click.status_code, one_click.content) == (200, b"")
    recipient.refresh_from_db()
    assert not recipient.receive_email_notifications

    sent = SentMail.objects.get()
    assert (sent.status, sent.job_id, sent.request_id) == ("sent", job.pk, request_id)
    assert sent.asker == sender


def test_signing_up_sends_a_welcome_email_whose_link_verifies(cluster):
    client = Client(REMOTE_ADDR="203.0.113.7")
    form = {
        "user[name]": "newcomer",
        "user[password]": "correct horse",
        "user[password_confirmation]": "correct horse",
        "user[email_address]": "newcomer@example.com",
    }
    assert client.post("/users", form).status_code == 302

    wait_until(lambda: cluster.received, what="the email")
    message = parsed(cluster.received[0])
    assert message["Subject"] == "Welcome to Danbooru! Confirm your email address"
    assert message["From"] == "Danbooru <welcome@booru.test>"
    # The recipient's own request.
    assert message["X-Danbooru-IP"] == "203.0.113.7"
    assert message["X-Danbooru-Session"] == session_digest(client.session.session_key)
    assert message["X-Danbooru-URL"] == "POST http://testserver/users"
    assert uuid.UUID(message["X-Request-Id"])

    text = message.get_body(("plain",)).get_content()
    link = re.search(rf"{SITE}(/users/\d+/email/verify\?\S+)", text)[1]
    assert click(Client(), link, "Verify email address").status_code == 303
    assert SentMail.objects.get().user.email_address.is_verified
    assert "email_verification_key" not in SentMail.objects.get().reason
