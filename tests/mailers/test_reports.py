"""Reports that come by the thousand, twice, too early, or too long."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from anymail.signals import AnymailTrackingEvent, EventType, tracking
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jobs.engine.models import BackgroundJob
from jobs.engine.testing import enqueued_jobs, perform_enqueued_jobs
from jobs.mail import MailReportsJob
from mailers import reports
from mailers.models import SentMail, SentMailEvent, SentMailStatus
from mailers.user_mailer import UserMailer
from tests.mailers.people import make_user
from tests.mailers.provider_reports import KEYS, SECRET, postmark, sendgrid
from tests.support.factories import SentMailFactory

if TYPE_CHECKING:
    from django.http import HttpResponse
    from pytest_django import Settings

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::anymail.exceptions.AnymailNotSupportedWarning"),
]


@pytest.fixture(autouse=True)
def configured(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["booru.example"]
    settings.ANYMAIL = {"WEBHOOK_SECRET": [SECRET], **KEYS}


@pytest.fixture
def sent() -> SentMail:
    mail: SentMail = SentMailFactory(provider_message_id="5cd8c6f1")
    return mail


def post(events: list[dict[str, Any]]) -> HttpResponse:
    """SendGrid's way: many events at once."""
    return replace(sendgrid("delivered", "x", {}), body=json.dumps(events).encode()).send(Client(), SECRET)


def delivered(message_id: str, **fields: Any) -> dict[str, Any]:
    return {"event": "delivered", "anymail_id": message_id, **fields}


def test_thousands_of_events_cost_the_request_a_few_statements(sent: SentMail) -> None:
    few = [delivered(f"unknown-{number}") for number in range(10)]
    many = [delivered(f"unknown-{number}") for number in range(5000)] + [delivered("5cd8c6f1")]
    with CaptureQueriesContext(connection) as for_few:
        assert post(few).status_code == 200
    BackgroundJob.objects.all().delete()
    with CaptureQueriesContext(connection) as for_many:
        assert post(many).status_code == 200
    jobs = enqueued_jobs(MailReportsJob)
    assert len(jobs) == 11
    assert len(for_many) - len(for_few) <= 4 * (len(jobs) - 1)
    perform_enqueued_jobs(MailReportsJob, raise_errors=True)
    sent.refresh_from_db()
    assert sent.status == SentMailStatus.DELIVERED


def test_what_the_provider_repeats_waits_once_and_is_noted_once(sent: SentMail) -> None:
    events = [delivered("5cd8c6f1"), delivered("5cd8c6f1"), delivered("other")]
    for _ in range(3):
        assert post(events).status_code == 200
    assert len(enqueued_jobs(MailReportsJob)) == 1
    perform_enqueued_jobs(raise_errors=True)
    assert post(events).status_code == 200
    perform_enqueued_jobs(raise_errors=True)
    assert SentMailEvent.objects.count() == 1


def test_a_report_that_is_too_long_is_refused_as_that(settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert post([delivered("x" * 2000)]).status_code == 413
    assert not enqueued_jobs(MailReportsJob)


def test_a_report_that_comes_before_the_record_is_looked_at_again() -> None:
    job = UserMailer().welcome_user(make_user("bob", "bob@example.com")).deliver_later()
    later = timedelta(hours=1)
    BackgroundJob.objects.filter(pk=job.pk).update(run_after=job.run_after + later)
    assert postmark("delivered", "new", {"job_id": str(job.pk)}).send(Client()).status_code == 200
    for seconds in (10, 20, 40):
        perform_enqueued_jobs(MailReportsJob, raise_errors=True)
        (waiting,) = enqueued_jobs(MailReportsJob)
        assert waiting.run_after - waiting.enqueued_at == timedelta(seconds=seconds)
        BackgroundJob.objects.filter(pk=waiting.pk).update(run_after=waiting.enqueued_at)
    mail = SentMailFactory(job_id=job.pk)
    perform_enqueued_jobs(MailReportsJob, raise_errors=True)
    mail.refresh_from_db()
    assert mail.status == SentMailStatus.DELIVERED
    assert not enqueued_jobs(MailReportsJob)


def test_one_that_is_of_no_email_any_more_is_not_looked_at_for_ever() -> None:
    job = UserMailer().welcome_user(make_user("bob", "bob@example.com")).deliver_later()
    postmark("delivered", "new", {"job_id": str(job.pk)}).send(Client())
    job.cancel()
    perform_enqueued_jobs(MailReportsJob, raise_errors=True)
    assert not enqueued_jobs(MailReportsJob)


def test_one_that_cannot_be_taken_keeps_no_other_from_it(sent: SentMail) -> None:
    records = [
        {"status": "no such status"},
        {"status": "delivered", "message_id": "5cd8c6f1", "job_id": None, "reason": ""}
        | {"reject_reason": None, "occurred_at": None},
    ]
    job = MailReportsJob.enqueue("mailers.reports.take_all", records)
    perform_enqueued_jobs()
    job.refresh_from_db()
    assert "1 of 2 reports could not be taken" in (job.error or "")
    sent.refresh_from_db()
    assert sent.status == SentMailStatus.DELIVERED


def fail_after_a_report() -> None:
    event = AnymailTrackingEvent(event_type=EventType.DELIVERED, message_id="a")
    with reports.gathered():
        tracking.send(sender=object, event=event, esp_name="Postmark")
        raise ZeroDivisionError


def test_nothing_is_enqueued_when_the_request_fails() -> None:
    with pytest.raises(ZeroDivisionError):
        fail_after_a_report()
    assert not enqueued_jobs(MailReportsJob)
