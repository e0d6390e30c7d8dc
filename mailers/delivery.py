"""Handing a rendered email to the mail server: logged, traced and recorded."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from opentelemetry import trace

from jobs.engine.current import current_job
from jobs.mail import TemporaryDeliveryError
from mailers import connections
from mailers.bounces import status_of_error
from mailers.delivery_url import OFF
from mailers.models import SentMail, SentMailStatus
from mailers.record_text import clean
from mailers.temporary import is_temporary

if TYPE_CHECKING:
    from mailers.headers import Headers
    from mailers.mail import Mail
    from mailers.message import Message

logger = logging.getLogger("mailers")


class NotTaken(Exception):
    """The provider answered that it could not send the email, without saying why."""


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
    headers = envelope.headers.in_the_log()
    _log(envelope, headers)
    tracer = trace.get_tracer("mailers")
    with tracer.start_as_current_span("mailer.deliver", attributes=_attributes(envelope, headers)):
        if sent := _already_sent(envelope):
            return sent
        obstacle = envelope.mail.obstacle or _refused_by_recipient(envelope.mail) or _switched_off()
        if obstacle:
            return _record(envelope, SentMailStatus.NOT_DELIVERED, obstacle)
        try:
            _send(envelope)
        except Exception as error:
            _record_failure(envelope, error)
            if is_temporary(error):
                raise TemporaryDeliveryError(f"{type(error).__name__}: {error}") from error
            raise
        return _record(envelope, SentMailStatus.SENT)


def _send(envelope: Envelope) -> None:
    """A worker, which has more to send, keeps its connection; a web process leaves none open."""
    if current_job():
        connections.send(envelope.message)
    else:
        envelope.message.send()
    # Anymail raises when the recipient is refused, and not for this.
    answer = envelope.message.provider_status
    if answer.status == {"failed"} or (answer.status == {"unknown"} and not answer.message_id):
        raise NotTaken


def _log(envelope: Envelope, headers: dict[str, str]) -> None:
    logger.info(
        "Delivering email to %s",
        envelope.mail.address or "nobody",
        extra={
            "mail": envelope.name,
            "user_id": envelope.mail.user_id,
            "subject": envelope.message.subject,
            "headers": headers,
        },
    )


def _attributes(envelope: Envelope, headers: dict[str, str]) -> dict[str, str]:
    values = {f"mail.header.{name}": value for name, value in headers.items()}
    return {"mail.name": envelope.name, "mail.to": envelope.mail.address, **values}


def _already_sent(envelope: Envelope) -> SentMail | None:
    """The record of an earlier attempt, which died after the server had taken the email."""
    job = envelope.headers.job
    # Most emails are the first attempt of a job that ran at once, and cost no query.
    if job is None or (job.attempts <= 1 and job.run_after <= job.enqueued_at):
        return None
    return SentMail.objects.taken(envelope.headers.message_id)


def _refused_by_recipient(mail: Mail) -> str:
    """What waited in the queue while the recipient complained is not sent after that.

    Who switches notifications on again wants them again.
    """
    user = mail.user
    if user is None or not mail.is_notification or user.receive_email_notifications:
        return ""
    is_refused = SentMail.objects.is_refused_by(user, mail.address)
    return "the recipient complained about an email, or unsubscribed" if is_refused else ""


def _switched_off() -> str:
    return "email is switched off" if settings.EMAIL_BACKEND == OFF else ""


def _record_failure(envelope: Envelope, error: Exception) -> None:
    status = status_of_error(error, envelope.message)
    record = _record(envelope, status, f"{type(error).__name__}: {error}")
    if status == SentMailStatus.BOUNCED:
        SentMail.consequences.mark_undeliverable(record)


def _record(envelope: Envelope, status: SentMailStatus, reason: str = "") -> SentMail:
    headers = envelope.headers
    return SentMail.objects.record(
        headers.message_id,
        job_id=headers.job.pk if headers.job else None,
        user_id=envelope.mail.user_id,
        mail=envelope.name,
        recipient=envelope.mail.address,
        subject=str(envelope.message.subject),
        request_id=headers.context.request_id or "",
        asker_id=headers.context.user_id,
        status=status.value,
        reason=clean(reason),
        provider_message_id=_provider_message_id(envelope.message),
        is_taken=status == SentMailStatus.SENT,
    )


def _provider_message_id(message: Message) -> str:
    """A set of them would be one for each of several recipients."""
    given = message.provider_status.message_id
    return clean(str(given)) if isinstance(given, str | int) else ""
