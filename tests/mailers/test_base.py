"""Deliveries: lazy, later, now, or not at all."""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.db import transaction

from jobs.engine.context import RequestContext, use_context
from jobs.engine.models import BackgroundJob
from jobs.engine.testing import assert_enqueued, assert_no_enqueued, enqueued_jobs, perform_enqueued_jobs
from jobs.mail import MailDeliveryJob
from mailers.base import UnknownMail
from mailers.models import SentMail, SentMailStatus
from mailers.user_mailer import UserMailer
from tests.mailers.people import COMPLAINT, make_dmail, make_event, make_user
from tests.support.smtp_server import free_port, mail_server
from tests.support.unruly_server import Fault, unruly_server

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db
PATH = "mailers.user_mailer.UserMailer"


def test_a_delivery_does_nothing_by_itself() -> None:
    UserMailer().welcome_user(make_user("bob", "bob@example.com"))
    assert not mail.outbox
    assert_no_enqueued()


def test_deliver_later_enqueues_a_job_with_references() -> None:
    bob = make_user("bob", "bob@example.com")
    job = UserMailer().welcome_user(bob).deliver_later()
    assert assert_enqueued(MailDeliveryJob, PATH, "welcome_user", [bob], queue_name="mail", priority=0) == job
    assert job.arguments == {"args": [PATH, "welcome_user", [{"_model": "booru.user", "pk": bob.pk}]]}
    assert not mail.outbox


def test_extra_headers_travel_with_the_job() -> None:
    bob = make_user("bob", "bob@example.com")
    dmail = make_dmail(bob, bob)
    headers = {"X-Danbooru-Dmail": "https://booru.example/dmails/1"}
    UserMailer(headers=headers).dmail_notice(dmail).deliver_later()
    assert_enqueued(MailDeliveryJob, PATH, "dmail_notice", [dmail], headers=headers)
    perform_enqueued_jobs(raise_errors=True)
    assert mail.outbox[0].extra_headers["X-Danbooru-Dmail"] == "https://booru.example/dmails/1"


def test_keyword_arguments_travel_with_the_job() -> None:
    bob = make_user("bob", "bob@example.com")
    UserMailer().welcome_user(user=bob).deliver_later()
    perform_enqueued_jobs(raise_errors=True)
    assert len(mail.outbox) == 1


def test_deliver_later_is_part_of_the_callers_transaction() -> None:
    bob = make_user("bob", "bob@example.com")
    with transaction.atomic():
        UserMailer().welcome_user(bob).deliver_later()
        transaction.set_rollback(True)
    assert_no_enqueued()


def test_the_request_is_told_in_the_email_that_the_worker_sends(rf) -> None:
    bob = make_user("bob", "bob@example.com")
    request = rf.post("/users?a=1", REMOTE_ADDR="203.0.113.7")
    request.request_id = "req-1"
    job = UserMailer(request=request).welcome_user(bob).deliver_later()
    perform_enqueued_jobs(raise_errors=True)
    headers = mail.outbox[0].extra_headers
    assert headers["X-Request-Id"] == "req-1"
    assert headers["X-Danbooru-URL"] == "POST http://testserver/users?a=1"
    assert headers["X-Danbooru-IP"] == "203.0.113.7"
    assert headers["X-Danbooru-Job-Id"] == str(job.pk)
    assert headers["Message-ID"] == f"<{job.pk}@booru.example>"
    job = BackgroundJob.objects.get()
    milliseconds = job.enqueued_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert headers["X-Danbooru-Enqueued-At"] == milliseconds


def test_without_a_request_the_current_one_is_told() -> None:
    bob = make_user("bob", "bob@example.com")
    with use_context(RequestContext(request_id="req-2", user_id=bob.pk, session="d1ge57")):
        UserMailer().welcome_user(bob).deliver_later()
    perform_enqueued_jobs(raise_errors=True)
    assert mail.outbox[0].extra_headers["X-Request-Id"] == "req-2"
    assert mail.outbox[0].extra_headers["X-Danbooru-Session"] == "d1ge57"


def test_deliver_now_sends_at_once_and_says_nothing_of_jobs() -> None:
    record = UserMailer().welcome_user(make_user("bob", "bob@example.com")).deliver_now()
    assert record.status == SentMailStatus.SENT
    assert "X-Danbooru-Job-Id" not in mail.outbox[0].extra_headers
    assert "X-Danbooru-Enqueued-At" not in mail.outbox[0].extra_headers
    assert_no_enqueued()


@pytest.mark.parametrize(
    ("address", "options", "reason"),
    [
        ("", {}, "the user has no email address"),
        ("bob@example.com", {"verified": False}, "the address is not verified"),
        ("bob@example.com", {"deliverable": False}, "the address is marked as undeliverable"),
    ],
)
def test_a_user_who_cannot_receive_email_gets_none_and_nothing_raises(
    address: str, options: dict[str, bool], reason: str
) -> None:
    bob = make_user("bob", address, **options)
    delivery = UserMailer().dmail_notice(make_dmail(bob, bob))
    record = delivery.deliver_now()
    assert (record.status, record.reason) == (SentMailStatus.NOT_DELIVERED, reason)
    assert not mail.outbox
    assert delivery.message.subject == "Danbooru: bob sent you a message"


def test_a_user_without_an_address_gets_no_welcome_and_nothing_raises() -> None:
    UserMailer().welcome_user(make_user("bob")).deliver_later()
    (job,) = perform_enqueued_jobs(raise_errors=True)
    assert job.error is None
    assert not mail.outbox
    assert SentMail.objects.get().status == SentMailStatus.NOT_DELIVERED


def test_an_unverified_address_is_good_enough_to_be_verified() -> None:
    UserMailer().welcome_user(make_user("bob", "bob@example.com", verified=False)).deliver_now()
    assert len(mail.outbox) == 1


def test_a_job_for_an_email_that_does_not_exist_fails_with_its_name() -> None:
    bob = make_user("bob", "bob@example.com")
    for method in ("fare_well", "delivery", "__init__"):
        with pytest.raises(UnknownMail, match=f"UserMailer has no email '{method}'"):
            MailDeliveryJob.call(PATH, method, [bob])


def test_only_headers_of_ones_own_can_be_added() -> None:
    bob = make_user("bob", "bob@example.com")
    with pytest.raises(ValueError, match="must begin with X-"):
        UserMailer(headers={"Bcc": "all@example.com"}).welcome_user(bob).deliver_now()
    assert not mail.outbox


def test_deliver_now_or_later_sends_at_once_and_leaves_no_job() -> None:
    record = UserMailer().welcome_user(make_user("bob", "bob@example.com")).deliver_now_or_later()
    assert record is not None
    assert record.status == SentMailStatus.SENT
    assert len(mail.outbox) == 1
    assert not BackgroundJob.objects.exists()


def test_what_was_sent_before_the_process_died_is_not_sent_again() -> None:
    delivery = UserMailer().welcome_user(make_user("bob", "bob@example.com"))
    # As deliver_now_or_later() does, up to where it would take the job back.
    delivery.deliver_now(job=delivery.deliver_later(run_after=timedelta(minutes=2)))
    perform_enqueued_jobs(scheduled=True, raise_errors=True)
    assert len(mail.outbox) == 1


def test_what_cannot_be_sent_now_is_left_to_a_job_with_the_same_message_id(
    use_delivery_url: Callable[[str], None],
) -> None:
    use_delivery_url(f"smtp://127.0.0.1:{free_port()}")
    delivery = UserMailer().welcome_user(make_user("bob", "bob@example.com"))
    assert delivery.deliver_now_or_later() is None
    (job,) = enqueued_jobs(MailDeliveryJob)
    assert timedelta(minutes=1) < job.run_after - job.enqueued_at < timedelta(minutes=3)
    failed = SentMail.objects.get()
    assert failed.status == SentMailStatus.FAILED

    with mail_server() as server:
        use_delivery_url(f"smtp://127.0.0.1:{server.port}")
        perform_enqueued_jobs(scheduled=True, raise_errors=True)
    (envelope,) = server.received
    assert f"<{job.pk}@booru.example>".encode() in envelope.content
    sent = SentMail.objects.get()
    assert (sent.pk, sent.status) == (failed.pk, SentMailStatus.SENT)


def test_what_is_refused_for_good_raises_and_stays_for_people_to_see(
    use_delivery_url: Callable[[str], None],
) -> None:
    with unruly_server(Fault("RCPT", "550 No such user")) as server:
        use_delivery_url(f"smtp://127.0.0.1:{server.port}")
        with pytest.raises(SMTPRecipientsRefused):
            UserMailer().welcome_user(make_user("bob", "bob@example.com")).deliver_now_or_later()
    assert len(enqueued_jobs(MailDeliveryJob)) == 1


def test_who_has_no_backup_code_is_sent_none() -> None:
    record = UserMailer().send_backup_code(make_user("bob", "bob@example.com")).deliver_now()
    assert (record.status, record.reason) == (SentMailStatus.NOT_DELIVERED, "the user has no backup codes")
    assert not mail.outbox


@pytest.mark.parametrize("method", ["password_reset", "email_change_confirmation", "welcome_user"])
def test_security_emails_need_no_verified_address_but_one(method: str) -> None:
    UserMailer().delivery(method, make_user("bob", "bob@example.com", verified=False)).deliver_now()
    assert len(mail.outbox) == 1
    record = UserMailer().delivery(method, make_user("alice")).deliver_now()
    assert record.reason == "the user has no email address"
    assert len(mail.outbox) == 1


def test_a_login_is_verified_at_an_address_that_is_not_verified() -> None:
    UserMailer().login_verification(
        make_event(make_user("bob", "bob@example.com", verified=False))
    ).deliver_now()
    assert len(mail.outbox) == 1
    assert UserMailer().login_verification(make_event(make_user("alice"))).deliver_now().reason


def test_a_complaint_is_delivered_to_an_address_and_is_nobodys() -> None:
    record = UserMailer().dmca_complaint("dmca@booru.example", COMPLAINT).deliver_now()
    assert (record.status, record.recipient, record.user_id) == ("sent", "dmca@booru.example", None)
    assert mail.outbox[0].to == ["dmca@booru.example"]
