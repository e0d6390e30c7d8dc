"""Which answers of mail servers and providers mean that nobody is there."""

from __future__ import annotations

from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Any

import pytest
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason

from mailers.content.message import Message
from mailers.models import SentMailStatus
from mailers.tracking.bounces import status_of_bounce, status_of_error


@pytest.mark.parametrize(
    ("code", "reply", "is_hard"),
    [
        (550, b"5.1.1 The email account that you tried to reach does not exist.", True),
        (550, b"5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found", True),
        (551, b"5.1.6 Recipient has moved", True),
        (553, b"5.1.3 Bad address syntax.\n5.1.3 Try another", True),
        (550, b"No such user here", False),
        (550, b"5.7.1 Message rejected as spam", False),
        (550, b"Blocked, see https://example.com/5.1.1.7 for details", False),
        (552, b"5.2.2 Mailbox full", False),
        (552, b"5.1.1 Odd", False),
        (450, b"4.1.1 Greylisted", False),
        (550, b"\xff\xfe5.1.1", True),
    ],
)
def test_a_servers_refusal_of_the_recipient(code: int, reply: bytes, is_hard: bool) -> None:
    error = SMTPRecipientsRefused({"bob@example.com": (code, reply)})
    assert (status_of_error(error, Message()) == SentMailStatus.BOUNCED) is is_hard


def test_a_refusal_of_the_content_says_nothing_of_the_recipient() -> None:
    assert status_of_error(SMTPDataError(550, b"5.1.1 ?"), Message()) == SentMailStatus.FAILED
    assert status_of_error(ValueError("5.1.1"), Message()) == SentMailStatus.FAILED


@pytest.mark.parametrize(
    ("provider", "fields", "is_hard"),
    [
        ("Mailgun", {"mta_response": "5.1.1 unknown", "reject_reason": RejectReason.OTHER}, True),
        ("Mailgun", {"mta_response": "", "reject_reason": RejectReason.BOUNCED}, True),
        ("Mailgun", {"mta_response": "550 5.2.2 over quota"}, False),
        ("Mailgun", {"mta_response": "552 5.1.1 5.7.1 mixed"}, False),
        ("Mailgun", {"mta_response": "550 5.2.1 disabled"}, True),
        ("Mailgun", {"reject_reason": RejectReason.OTHER}, False),
        ("Mailgun", {"reject_reason": RejectReason.TIMED_OUT}, False),
        ("Brevo", {"esp_event": {"event": "invalid_email"}, "reject_reason": RejectReason.INVALID}, True),
        ("Brevo", {"esp_event": {"event": "soft_bounce"}, "reject_reason": RejectReason.BOUNCED}, False),
        ("Amazon SES", {"esp_event": {"bounce": {"bounceType": "Undetermined"}}}, False),
        ("Amazon SES", {"esp_event": {"bounce": {"bounceType": "Permanent"}}}, True),
        ("Amazon SES", {"esp_event": {"bounce": 5}}, True),
        ("SparkPost", {"esp_event": {"msys": {"message_event": {"bounce_class": "30"}}}}, True),
        ("SparkPost", {"esp_event": {"msys": {"message_event": {"bounce_class": "1"}}}}, False),
        ("SparkPost", {"esp_event": {"msys": {}}}, False),
        ("SparkPost", {"esp_event": None}, False),
        ("Somebody new", {"esp_event": ["?"], "mta_response": ["?"]}, True),
    ],
)
def test_a_providers_report_of_a_bounce(provider: str, fields: dict[str, Any], is_hard: bool) -> None:
    event = AnymailTrackingEvent(event_type=EventType.BOUNCED, **fields)
    expected = SentMailStatus.BOUNCED if is_hard else SentMailStatus.SOFT_BOUNCED
    assert status_of_bounce(event, provider) == expected


def test_a_provider_that_gave_up_may_tell_why() -> None:
    for answer, expected in (
        ("550 5.1.1 no such user", SentMailStatus.BOUNCED),
        ("?", SentMailStatus.REJECTED),
    ):
        event = AnymailTrackingEvent(event_type=EventType.FAILED, mta_response=answer)
        assert status_of_bounce(event, "Postal") == expected
