"""Which answers mean that a mailbox does not exist, and which bounces may pass."""

from __future__ import annotations

import re
from smtplib import SMTPRecipientsRefused
from typing import TYPE_CHECKING, Any

from anymail.exceptions import AnymailRecipientsRefused
from anymail.signals import EventType, RejectReason

from mailers.models import SentMailStatus

if TYPE_CHECKING:
    from anymail.signals import AnymailTrackingEvent

    from mailers.content.message import Message

# Of RFC 3463: 5.1.x is a bad address, 5.2.1 a mailbox that is closed.
_ENHANCED_CODE = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?!\.?\d)")
_NO_MAILBOX_CODES = frozenset({550, 551, 553})
# By provider, which field of its report says what kind of bounce it is.
_KIND_OF_BOUNCE = {
    "Amazon SES": ("bounce", "bounceType"),
    "Brevo": ("event",),
    "MailerSend": ("type",),
    "Mailjet": ("hard_bounce",),
    "Mandrill": ("event",),
    "Postmark": ("Type",),
    "Resend": ("data", "bounce", "type"),
    "SendGrid": ("type",),
    "SparkPost": ("bounce_class",),
    "Unisender Go": ("delivery_info", "delivery_status"),
}
_SOFT_KINDS: frozenset[object] = frozenset(
    {"SoftBounce", "soft_bounce", "activity.soft_bounced", "blocked", "Transient", "Undetermined", False}
    | {"err_mailbox_full", "err_too_large", "err_unreachable", "err_destination_misconfigured"}
)
# SparkPost has numbers: these are for good (invalid recipient, no such recipient).
_HARD_CLASSES = frozenset({"10", "30"})
_HARD_REASONS = frozenset({None, RejectReason.INVALID, RejectReason.BOUNCED})


def status_of_error(error: Exception, message: Message) -> SentMailStatus:
    """What an error while sending says of the email."""
    match error:
        case SMTPRecipientsRefused() if all(_is_no_mailbox(*reply) for reply in error.recipients.values()):
            return SentMailStatus.BOUNCED
        case AnymailRecipientsRefused():
            is_invalid = message.provider_status.status == {"invalid"}
            return SentMailStatus.BOUNCED if is_invalid else SentMailStatus.REJECTED
    return SentMailStatus.FAILED


def status_of_bounce(event: AnymailTrackingEvent, provider: str) -> SentMailStatus:
    """Whether a provider's report of a bounce means that the mailbox is not there."""
    if event.reject_reason == RejectReason.INVALID:
        return SentMailStatus.BOUNCED
    answers = [text for text in (event.mta_response, event.description) if isinstance(text, str)]
    codes = [code for text in answers for code in _ENHANCED_CODE.findall(text)]
    if codes:
        return SentMailStatus.BOUNCED if all(map(_is_bad_address, codes)) else SentMailStatus.SOFT_BOUNCED
    # A server that refused for good in words alone, with nothing of the provider's own beside it.
    if event.event_type == EventType.FAILED:
        return SentMailStatus.REJECTED
    is_soft = event.reject_reason not in _HARD_REASONS or _is_called_soft(event.esp_event, provider)
    return SentMailStatus.SOFT_BOUNCED if is_soft else SentMailStatus.BOUNCED


def _is_no_mailbox(code: int, reply: bytes | str) -> bool:
    text = reply.decode("ascii", "replace") if isinstance(reply, bytes) else reply
    return code in _NO_MAILBOX_CODES and any(code[:2] == ("5", "1") for code in _ENHANCED_CODE.findall(text))


def _is_bad_address(code: tuple[str, str, str]) -> bool:
    return code[:2] == ("5", "1") or code == ("5", "2", "1")


def _is_called_soft(report: Any, provider: str) -> bool:
    if provider == "SparkPost":
        report = _inner(report)
    for name in _KIND_OF_BOUNCE.get(provider, ()):
        report = report.get(name) if isinstance(report, dict) else None
    if provider == "SparkPost":
        return report not in _HARD_CLASSES
    return isinstance(report, str | bool) and report in _SOFT_KINDS


def _inner(report: Any) -> Any:
    """SparkPost wraps each of its reports: {"msys": {"message_event": {...}}}."""
    wrapped = report.get("msys") if isinstance(report, dict) else None
    return next(iter(wrapped.values()), None) if isinstance(wrapped, dict) else None
