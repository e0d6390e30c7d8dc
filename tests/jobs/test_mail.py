"""Delivery in the background: what is tried again, and what is not (behaviour G.5)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db.models.functions import Now

from jobs.engine.models import BackgroundJob, JobStatus
from jobs.engine.testing import perform_enqueued_jobs
from jobs.engine.worker import execution
from mailers.models import SentMail, SentMailStatus
from mailers.user_mailer import UserMailer
from tests.mailers.people import make_dmail, make_user
from tests.support.smtp_server import free_port

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.smtp_server import MailServer

pytestmark = pytest.mark.django_db


def enqueue() -> None:
    UserMailer().welcome_user(make_user("bob", "bob@example.com")).deliver_later()


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("reply", ["451 Try again later", "421 Too busy", "close", "silence"])
def test_trouble_that_passes_is_tried_again_and_the_email_arrives_once(
    reply: str,
    server: MailServer,
) -> None:
    server.replies = [reply]
    enqueue()
    (job,) = perform_enqueued_jobs()
    assert BackgroundJob.objects.with_status(JobStatus.RETRIED).get() == job
    assert SentMail.objects.get().status == SentMailStatus.FAILED
    (job,) = perform_enqueued_jobs(scheduled=True)
    assert job.error is None
    assert job.attempts == 2
    record = SentMail.objects.get()
    assert (record.status, record.reason) == (SentMailStatus.SENT, "")
    (envelope,) = server.received
    assert str(job.pk).encode() in envelope.content


def test_a_greylisted_recipient_is_tried_again(server: MailServer) -> None:
    server.recipient_replies = ["450 Greylisted"]
    enqueue()
    perform_enqueued_jobs()
    perform_enqueued_jobs(scheduled=True)
    assert len(server.received) == 1


def test_a_server_that_is_away_is_tried_eight_times(use_delivery_url: Callable[[str], None]) -> None:
    use_delivery_url(f"smtp://127.0.0.1:{free_port()}")
    enqueue()
    jobs = perform_enqueued_jobs(scheduled=True)
    assert len(jobs) == 8
    assert jobs[-1].error.startswith("ConnectionRefusedError")
    assert SentMail.objects.get().reason.startswith("ConnectionRefusedError")


def test_the_waits_grow_from_seconds_to_most_of_an_hour(use_delivery_url: Callable[[str], None]) -> None:
    use_delivery_url(f"smtp://127.0.0.1:{free_port()}")
    enqueue()
    for attempt in range(1, 8):
        BackgroundJob.objects.unfinished().update(run_after=Now())
        (job,) = perform_enqueued_jobs()
        wait = job.run_after - job.updated_at
        shortest = attempt**4 + 2
        # The row was written a moment after the wait began.
        assert timedelta(seconds=shortest - 1) <= wait <= timedelta(seconds=shortest + 0.15 * attempt**4 + 60)


@pytest.mark.parametrize("reply", ["554 This is spam", "552 Too big"])
def test_a_refusal_for_good_is_not_tried_again(reply: str, server: MailServer) -> None:
    server.replies = [reply]
    enqueue()
    (job,) = perform_enqueued_jobs()
    assert BackgroundJob.objects.with_status(JobStatus.DISCARDED).get() == job
    assert reply[4:] in job.error
    record = SentMail.objects.get()
    assert record.status == SentMailStatus.FAILED
    assert reply[4:] in record.reason


def test_an_unknown_recipient_is_not_tried_again(server: MailServer) -> None:
    server.recipient_replies = ["550 No such user"]
    enqueue()
    (job,) = perform_enqueued_jobs()
    assert job.error.startswith("SMTPRecipientsRefused")


def test_a_user_deleted_meanwhile_discards_the_job_quietly(server: MailServer) -> None:
    bob = make_user("bob", "bob@example.com")
    UserMailer().welcome_user(bob).deliver_later()
    bob.delete()
    (job,) = perform_enqueued_jobs()
    assert job.error.startswith("MissingArgument")
    assert not server.received
    assert not SentMail.objects.exists()


def test_a_notice_costs_one_query_to_load_and_one_to_record(django_assert_num_queries) -> None:
    bob = make_user("bob", "bob@example.com")
    type(bob).objects.update(receive_email_notifications=True)
    job = UserMailer().dmail_notice(make_dmail(make_user("alice"), bob)).deliver_later()
    job.refresh_from_db()
    # Once a second, a third one looks whether the mail server is left alone for now.
    with django_assert_num_queries(3):
        assert execution.attempt(job).error is None


def test_a_mailbox_that_does_not_exist_gets_no_more_mail(server: MailServer) -> None:
    server.recipient_replies = ["550 5.1.1 No such user"]
    bob = make_user("bob", "bob@example.com")
    UserMailer().welcome_user(bob).deliver_later()
    (job,) = perform_enqueued_jobs()
    assert "5.1.1" in job.error
    bounced = SentMail.objects.get()
    assert (bounced.status, bounced.sent_at) == (SentMailStatus.BOUNCED, None)
    UserMailer().welcome_user(type(bob).objects.get(pk=bob.pk)).deliver_later()
    perform_enqueued_jobs(raise_errors=True)
    assert SentMail.objects.first().reason == "the address is marked as undeliverable"
    assert not server.received


def test_a_bounced_email_is_sent_after_all_when_a_person_retries_it(server: MailServer) -> None:
    server.recipient_replies = ["550 5.1.1 No such user"]
    bob = make_user("bob", "bob@example.com")
    job = UserMailer().welcome_user(bob).deliver_later()
    perform_enqueued_jobs()
    type(bob.email_address).objects.update(is_deliverable=True)
    job.refresh_from_db()
    job.retry()
    perform_enqueued_jobs(raise_errors=True)
    assert SentMail.objects.get().status == SentMailStatus.SENT
    assert len(server.received) == 1
