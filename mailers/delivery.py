"""Handing a rendered email to the mail server: logged, traced and recorded."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models.functions import Now
from opentelemetry import trace

from jobs.mail import TemporaryDeliveryError
from mailers.delivery_url import OFF
from mailers.models import SentMail, SentMailStatus
from mailers.temporary import is_temporary

if TYPE_CHECKING:
    from mailers.headers import Headers
    from mailers.mail import Mail
    from mailers.message import Message

logger = logging.getLogger("mailers")


@dataclass(frozen=True, slots=True)
class Envelope:
    """A rendered email with what the log, the trace and the record say of it."""

    name: str  # "UserMailer.welcome_user"
    mail: Mail
    headers: Headers
    message: Message


def deliver(envelope: Envelope) -> SentMail:
    """Send it unless something is in the way, and record what happened.

    Raises TemporaryDeliveryError when the server says "not now", and any other error as it is.
    """
    _log(envelope)
    tracer = trace.get_tracer("mailers")
    with tracer.start_as_current_span("mailer.deliver", attributes=_attributes(envelope)):
        if sent := _already_sent(envelope):
            return sent
        obstacle = envelope.mail.obstacle or _switched_off()
        if obstacle:
            return _record(envelope, SentMailStatus.NOT_DELIVERED, obstacle)
        try:
            envelope.message.send()
        except Exception as error:
            _record(envelope, SentMailStatus.FAILED, f"{type(error).__name__}: {error}")
            if is_temporary(error):
                raise TemporaryDeliveryError(f"{type(error).__name__}: {error}") from error
            raise
        return _record(envelope, SentMailStatus.SENT)


def _log(envelope: Envelope) -> None:
    logger.info(
        "Delivering email to %s",
        envelope.mail.address or "nobody",
        extra={
            "mail": envelope.name,
            "user_id": envelope.mail.user_id,
            "subject": envelope.message.subject,
            "headers": envelope.headers.in_the_log(),
        },
    )


def _attributes(envelope: Envelope) -> dict[str, str]:
    headers = {f"mail.header.{name}": value for name, value in envelope.headers.in_the_log().items()}
    return {"mail.name": envelope.name, "mail.to": envelope.mail.address, **headers}


def _already_sent(envelope: Envelope) -> SentMail | None:
    """The record of an earlier attempt, which died after the server had taken the email."""
    job = envelope.headers.job
    # Most emails are the first attempt of a job that ran at once, and cost no query.
    if job is None or (job.attempts <= 1 and job.run_after <= job.enqueued_at):
        return None
    sent = SentMail.objects.filter(status=SentMailStatus.SENT)
    return sent.filter(message_id=envelope.headers.message_id).first()


def _switched_off() -> str:
    return "email is switched off" if settings.EMAIL_BACKEND == OFF else ""


def _record(envelope: Envelope, status: SentMailStatus, reason: str = "") -> SentMail:
    headers = envelope.headers
    outcome = {"status": status, "reason": _clean(reason), "recipient": envelope.mail.address}
    record, _ = SentMail.objects.update_or_create(
        message_id=headers.message_id,
        defaults={**outcome, "updated_at": Now()},
        create_defaults={
            **outcome,
            "job_id": headers.job.pk if headers.job else None,
            "user_id": envelope.mail.user_id,
            "mail": envelope.name,
            "subject": str(envelope.message.subject),
            "request_id": headers.context.request_id or "",
        },
    )
    return record


def _clean(text: str) -> str:
    """As PostgreSQL can hold it, and short: a provider may answer with a page."""
    return text.replace("\0", "\\0").encode(errors="backslashreplace").decode()[:1000]
