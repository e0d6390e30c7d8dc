"""What reports lead to: in any order, twice, late, and for addresses that changed since."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking
from django.utils import timezone

from mailers.models import SentMail, SentMailStatus
from mailers.reports import on_tracking
from mailers.user_mailer import UserMailer
from tests.mailers.people import make_dmail, make_user
from tests.support.factories import EmailAddressFactory, SentMailFactory, UserFactory

if TYPE_CHECKING:
    from booru.models import User

pytestmark = pytest.mark.django_db
AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def report(mail: SentMail, kind: str, **fields: Any) -> None:
    values = {"message_id": mail.provider_message_id, "timestamp": AT, "esp_event": {}, **fields}
    on_tracking(event=AnymailTrackingEvent(event_type=kind, **values), esp_name="Postmark")
    mail.refresh_from_db()


@pytest.fixture
def bob() -> User:
    return make_user("bob", "bob@example.com")


@pytest.fixture
def mail(bob: User) -> SentMail:
    type(bob).objects.filter(pk=bob.pk).update(receive_email_notifications=True)
    bob.refresh_from_db()
    sent: SentMail = SentMailFactory(user=bob)
    return sent


def test_anymails_signal_is_heard(mail: SentMail) -> None:
    event = AnymailTrackingEvent(event_type=EventType.DELIVERED, message_id=mail.provider_message_id)
    tracking.send(sender=object, event=event, esp_name="Postmark")
    mail.refresh_from_db()
    assert mail.status == SentMailStatus.DELIVERED


def test_the_timeline_tells_when_and_why(mail: SentMail) -> None:
    report(mail, EventType.DEFERRED, mta_response="451 busy")
    report(mail, EventType.BOUNCED, timestamp=AT + timedelta(hours=1), mta_response="550 5.1.1 no such user")
    rows = mail.events.values_list("status", "reason", "occurred_at")
    assert list(rows) == [
        ("deferred", "451 busy", AT),
        ("bounced", "550 5.1.1 no such user", AT + timedelta(hours=1)),
    ]
    assert (mail.status, mail.reason) == ("bounced", "550 5.1.1 no such user")


@pytest.mark.parametrize(
    "order",
    list(permutations([EventType.DELIVERED, EventType.BOUNCED, EventType.COMPLAINED, EventType.DEFERRED])),
)
def test_the_last_word_is_the_same_in_any_order(order: tuple[str, ...], mail: SentMail, bob: User) -> None:
    for kind in (*order, *order):
        report(mail, kind)
    assert mail.status == SentMailStatus.COMPLAINED
    assert mail.events.count() == 4
    bob.refresh_from_db()
    assert not bob.email_address.is_deliverable
    assert not bob.receive_email_notifications


@pytest.mark.parametrize(
    ("first", "late"),
    [
        (EventType.BOUNCED, EventType.DELIVERED),
        (EventType.COMPLAINED, EventType.DELIVERED),
        (EventType.COMPLAINED, EventType.BOUNCED),
        (EventType.DELIVERED, EventType.DEFERRED),
        (EventType.UNSUBSCRIBED, EventType.DELIVERED),
    ],
)
def test_a_status_never_goes_back(first: str, late: str, mail: SentMail) -> None:
    report(mail, first)
    before = (mail.status, mail.reason)
    report(mail, late, mta_response="late")
    assert (mail.status, mail.reason) == before
    assert mail.events.count() == 2


@pytest.mark.parametrize(
    "kind",
    [
        *(EventType.OPENED, EventType.CLICKED, EventType.SUBSCRIBED, EventType.AUTORESPONDED),
        *(EventType.QUEUED, EventType.SENT, EventType.UNKNOWN, "nonsense", None),
    ],
)
def test_who_read_it_is_not_kept(kind: str, mail: SentMail) -> None:
    before = mail.updated_at
    report(mail, kind, click_url="https://booru.example/", user_agent="Mozilla")
    assert (mail.status, mail.updated_at) == ("sent", before)
    assert not mail.events.exists()


def test_reports_of_other_emails_are_left_aside(mail: SentMail) -> None:
    for message_id in ("unknown", "", None, 5, "<>", "a\0b"):
        for metadata in ({}, None, {"job_id": "5"}, {"job_id": mail.message_id}, {"job_id": None}):
            report(mail, EventType.BOUNCED, message_id=message_id, metadata=metadata)
    assert mail.status == SentMailStatus.SENT


@pytest.mark.parametrize("form", ["<%s>", "%s"])
def test_a_relay_may_report_by_our_own_message_id(form: str, mail: SentMail) -> None:
    report(mail, EventType.DELIVERED, message_id=form % mail.message_id.strip("<>"))
    assert mail.status == SentMailStatus.DELIVERED


def test_a_number_may_be_a_message_id(mail: SentMail) -> None:
    SentMail.objects.filter(pk=mail.pk).update(provider_message_id="17")
    report(mail, EventType.DELIVERED, message_id=17)
    assert mail.status == SentMailStatus.DELIVERED


@pytest.mark.parametrize("moment", [None, "yesterday", datetime(2026, 1, 2)])
def test_a_time_that_is_none_is_now(moment: Any, mail: SentMail) -> None:
    report(mail, EventType.DELIVERED, timestamp=moment)
    assert timezone.is_aware(mail.events.get().occurred_at)


def test_what_the_provider_quotes_is_cut_and_cleaned(mail: SentMail) -> None:
    report(mail, EventType.REJECTED, description="a\0b\ud800" * 5000)
    assert len(mail.reason) == 1000
    assert mail.reason.startswith("a\\0b\\ud800")


def test_a_bounce_of_an_old_address_says_nothing_of_the_new_one(mail: SentMail, bob: User) -> None:
    bob.email_address.assign("new@example.com")
    bob.email_address.save()
    for kind in (EventType.BOUNCED, EventType.COMPLAINED, EventType.UNSUBSCRIBED):
        report(mail, kind)
    bob = type(bob).objects.get(pk=bob.pk)
    assert bob.email_address.is_deliverable
    assert bob.receive_email_notifications


def test_who_has_the_address_now_is_not_meant(mail: SentMail, bob: User) -> None:
    bob.email_address.delete()
    other = UserFactory(receive_email_notifications=True)
    EmailAddressFactory(user=other, address="bob@example.com")
    for kind in (EventType.BOUNCED, EventType.COMPLAINED):
        report(mail, kind)
    other = type(other).objects.get(pk=other.pk)
    assert other.email_address.is_deliverable
    assert other.receive_email_notifications


def test_an_email_to_nobody_that_we_know(mail: SentMail) -> None:
    lone = SentMailFactory(user=None, recipient="owner@example.com")
    for kind in (EventType.BOUNCED, EventType.COMPLAINED):
        report(lone, kind)
    assert lone.status == SentMailStatus.COMPLAINED


def test_a_repeated_bounce_does_not_undo_what_a_moderator_cleared(mail: SentMail, bob: User) -> None:
    report(mail, EventType.BOUNCED)
    type(bob.email_address).objects.update(is_deliverable=True)
    report(mail, EventType.BOUNCED)
    bob.email_address.refresh_from_db()
    assert bob.email_address.is_deliverable


@pytest.mark.parametrize(
    ("reason", "is_deliverable", "wants_mail"),
    [
        (RejectReason.BOUNCED, False, True),
        (RejectReason.INVALID, False, True),
        (RejectReason.SPAM, True, False),
        (RejectReason.UNSUBSCRIBED, True, False),
        (RejectReason.BLOCKED, True, True),
        (RejectReason.OTHER, True, True),
        (None, True, True),
    ],
)
def test_a_provider_that_sends_nothing_there_may_say_why(
    reason: str, is_deliverable: bool, wants_mail: bool, mail: SentMail, bob: User
) -> None:
    report(mail, EventType.REJECTED, reject_reason=reason)
    assert mail.status == SentMailStatus.REJECTED
    bob = type(bob).objects.get(pk=bob.pk)
    assert bob.email_address.is_deliverable is is_deliverable
    assert bob.receive_email_notifications is wants_mail


def test_a_report_tells_that_an_email_was_taken_whose_answer_was_lost(mail: SentMail) -> None:
    SentMail.objects.filter(pk=mail.pk).update(status="failed", reason="TimeoutError", sent_at=None)
    report(mail, EventType.DELIVERED)
    assert (mail.status, mail.reason, mail.sent_at) == ("delivered", "", AT)


def test_after_a_complaint_waiting_notices_are_not_sent_but_security_mail_is(
    bob: User, mail: SentMail
) -> None:
    dmail = make_dmail(make_user("alice"), bob)
    report(mail, EventType.COMPLAINED)
    dmail.to_user.refresh_from_db()
    notice = UserMailer().dmail_notice(dmail).deliver_now()
    assert notice.status == SentMailStatus.NOT_DELIVERED
    assert notice.reason == "the recipient complained about an email, or unsubscribed"
    assert UserMailer().welcome_user(dmail.to_user).deliver_now().status == SentMailStatus.SENT


def test_who_switches_notifications_on_again_gets_them_again(bob: User, mail: SentMail) -> None:
    report(mail, EventType.COMPLAINED)
    type(bob).objects.update(receive_email_notifications=True)
    bob.refresh_from_db()
    assert UserMailer().dmail_notice(make_dmail(make_user("alice"), bob)).deliver_now().status == "sent"


def test_after_a_bounce_nothing_is_sent(bob: User, mail: SentMail) -> None:
    report(mail, EventType.BOUNCED, reject_reason=RejectReason.INVALID)
    bob = type(bob).objects.get(pk=bob.pk)
    record = UserMailer().welcome_user(bob).deliver_now()
    assert (record.status, record.reason) == ("not_delivered", "the address is marked as undeliverable")
