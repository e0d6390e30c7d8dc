"""Each delivery is logged, traced and recorded (behaviour G.6)."""

from __future__ import annotations

import email
import logging
import re
from contextlib import contextmanager
from email import policy
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from opentelemetry import trace

from jobs.engine.context import RequestContext, use_context
from jobs.engine.models import BackgroundJob
from jobs.engine.testing import perform_enqueued_jobs
from mailers.models import SentMail, SentMailStatus
from mailers.user_mailer import UserMailer
from tests.mailers.people import COMPLAINT, every_email, make_dmail, make_user

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.support.smtp_server import MailServer

pytestmark = pytest.mark.django_db


class Spans(trace.TracerProvider, trace.Tracer):
    """Remembers the names and attributes of spans."""

    def __init__(self) -> None:
        self.spans: list[tuple[str, dict[str, Any]]] = []

    def get_tracer(self, *args: Any, **kwargs: Any) -> trace.Tracer:
        return self

    def start_span(self, name: str, *args: Any, attributes: Any = None, **kwargs: Any) -> trace.Span:
        self.spans.append((name, dict(attributes or {})))
        return trace.INVALID_SPAN

    @contextmanager
    def start_as_current_span(self, name: str, *args: Any, **kwargs: Any) -> Iterator[trace.Span]:
        yield self.start_span(name, *args, **kwargs)


def test_the_log_line_names_the_address_and_has_the_headers(caplog) -> None:
    bob = make_user("bob", "bob@example.com")
    with caplog.at_level(logging.INFO, "mailers"), use_context(RequestContext(request_id="req-1")):
        UserMailer().welcome_user(bob).deliver_now()
    (line,) = [record for record in caplog.records if record.name == "mailers"]
    assert line.levelname == "INFO"
    assert line.getMessage() == "Delivering email to bob@example.com"
    assert line.mail == "UserMailer.welcome_user"
    assert line.headers["X-Request-Id"] == "req-1"
    assert line.headers["X-Danbooru-User"] == f"bob <https://booru.example/users/{bob.pk}>"
    assert "sig=" not in str(line.__dict__)
    assert "email_verification_key" not in str(line.__dict__)


def test_an_email_that_is_not_delivered_is_logged_too(caplog) -> None:
    bob = make_user("bob")
    with caplog.at_level(logging.INFO, "mailers"):
        UserMailer().welcome_user(bob).deliver_now()
    assert "Delivering email to nobody" in caplog.messages


def test_each_delivery_is_a_span_with_the_headers(monkeypatch) -> None:
    spans = Spans()
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", spans)
    bob = make_user("bob", "bob@example.com")
    job = UserMailer().welcome_user(bob).deliver_later()
    perform_enqueued_jobs(raise_errors=True)
    (attributes,) = [attributes for name, attributes in spans.spans if name == "mailer.deliver"]
    assert attributes["mail.name"] == "UserMailer.welcome_user"
    assert attributes["mail.to"] == "bob@example.com"
    assert attributes["mail.header.X-Danbooru-Job-Id"] == str(job.pk)
    assert attributes["mail.header.X-Danbooru-User"] == f"bob <https://booru.example/users/{bob.pk}>"
    assert attributes["mail.header.List-Unsubscribe"] == "[FILTERED]"


def test_no_secret_is_logged_traced_or_recorded(caplog, monkeypatch, server: MailServer, rf) -> None:
    spans = Spans()
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", spans)
    bob = make_user("bob", "bob@example.com")
    request = rf.post("/session?password=hunter2&user[signed_id]=t0ken")
    with caplog.at_level(logging.DEBUG):
        for delivery in every_email(bob, request).values():
            delivery.deliver_later()
        perform_enqueued_jobs(raise_errors=True)
    assert len(server.received) == len(UserMailer.emails)

    secrets = {"hunter2", "t0ken", "12345678"}
    for envelope in server.received:
        text = email.message_from_bytes(envelope.content, policy=policy.strict).get_body(("plain",))
        secrets |= set(re.findall(r"=([^\s=&]+~[^\s=&]+)", text.get_content()))
    assert len(secrets) == 3 + 4
    told = " ".join(
        [
            # What the mail server logs, in the same process, is its own.
            *(str(record.__dict__) for record in caplog.records if record.name != "mail.log"),
            *(str(attributes) for _, attributes in spans.spans),
            *(str(record) for record in SentMail.objects.values()),
            *(str(job) for job in BackgroundJob.objects.values("arguments", "context")),
        ]
    )
    assert "Delivering email to bob@example.com" in told
    for secret in secrets:
        assert secret not in told


def test_an_email_to_an_address_is_logged_without_a_user(caplog) -> None:
    with caplog.at_level(logging.INFO, "mailers"):
        UserMailer().dmca_complaint("dmca@booru.example", COMPLAINT).deliver_now()
    (line,) = [record for record in caplog.records if record.name == "mailers"]
    assert line.getMessage() == "Delivering email to dmca@booru.example"
    assert line.user_id is None


def test_what_was_sent_is_recorded_without_body_and_token() -> None:
    alice, bob = make_user("alice"), make_user("bob", "bob@example.com")
    dmail = make_dmail(alice, bob, "The title", "The body")
    with use_context(RequestContext(request_id="req-1", user_id=alice.pk)):
        job = UserMailer().dmail_notice(dmail).deliver_later()
    perform_enqueued_jobs(raise_errors=True)
    record = SentMail.objects.values().get()
    assert record.pop("created_at")
    assert record.pop("updated_at")
    assert record.pop("sent_at")
    assert record.pop("id")
    assert record == {
        "message_id": f"<{job.pk}@booru.example>",
        "provider_message_id": "",
        "job_id": job.pk,
        "user_id": bob.pk,
        "mail": "UserMailer.dmail_notice",
        "recipient": "bob@example.com",
        "subject": "Danbooru: alice sent you a message",
        "request_id": "req-1",
        "asker_id": alice.pk,
        "status": "sent",
        "reason": "",
        "unanswered": 0,
    }


def test_while_email_is_off_it_is_recorded_as_not_delivered(use_delivery_url: Callable[[str], None]) -> None:
    use_delivery_url("")
    UserMailer().welcome_user(make_user("bob", "bob@example.com")).deliver_later()
    (job,) = perform_enqueued_jobs(raise_errors=True)
    assert job.error is None
    record = SentMail.objects.get()
    assert (record.status, record.reason) == (SentMailStatus.NOT_DELIVERED, "email is switched off")


def test_an_email_that_the_server_took_before_the_worker_died_is_not_sent_again() -> None:
    bob = make_user("bob", "bob@example.com")
    job = UserMailer().welcome_user(bob).deliver_later()
    perform_enqueued_jobs(raise_errors=True)
    type(job).objects.filter(pk=job.pk).update(
        performed_at=None, finished_at=None, claimed_by=None, worker_pid=None
    )
    (job,) = perform_enqueued_jobs(raise_errors=True)
    assert job.attempts == 2
    assert len(mail.outbox) == 1
    assert SentMail.objects.count() == 1


def test_the_record_outlives_the_user() -> None:
    bob = make_user("bob", "bob@example.com")
    record = UserMailer().welcome_user(bob).deliver_now()
    bob.delete()
    record.refresh_from_db()
    assert record.user_id is None


def test_providers_are_told_which_email_it_is(use_delivery_url: Callable[[str], None]) -> None:
    use_delivery_url("anymail+test://")
    bob = make_user("bob", "bob@example.com")
    with use_context(RequestContext(request_id="req-1")):
        job = UserMailer().welcome_user(bob).deliver_later()
    perform_enqueued_jobs(raise_errors=True)
    sent = mail.outbox[0].anymail_test_params
    assert sent["tags"] == ["welcome_user"]
    assert sent["metadata"] == {
        "mail": "UserMailer.welcome_user",
        "user_id": str(bob.pk),
        "job_id": str(job.pk),
        "request_id": "req-1",
    }
    assert sent["extra_headers"]["X-Danbooru-Job-Id"] == str(job.pk)
    assert sent["text_body"]
    assert sent["html_body"]
