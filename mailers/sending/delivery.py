"""Handing a rendered email to the mail server: logged, traced and recorded."""

from __future__ import annotations

import logging
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from opentelemetry import trace

from jobs.engine.context import current_job
from jobs.engine.faults.persisting import persist
from jobs.engine.time_limit import without_limit
from jobs.mail import TemporaryDeliveryError
from mailers.models import SentMail, SentMailStatus
from mailers.sending import backoff, connections
from mailers.sending.delivery_url import OFF
from mailers.sending.dialogue import Unanswered
from mailers.sending.temporary import as_temporary
from mailers.tracking.bounces import status_of_error
from mailers.tracking.record_text import clean

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobs.engine.models import BackgroundJob
    from mailers.content.headers import Headers
    from mailers.content.message import Message
    from mailers.mail import Mail

logger = logging.getLogger("mailers")


# How often an email is given to a server that does not say whether it took it, because each may be a copy;
# and by how much each wait is longer than the one before.
_MOST_COPIES, _LATER = 3, 6


class NeverAnswered(Exception):
    """The server was given the whole email several times, and never said whether it took it."""


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

    Raises TemporaryDeliveryError when it may be taken another time, Postponed while nothing is given to the
    server, and any other error as it is.
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
        if _is_first_attempt(current_job()):
            backoff.postpone_while_away()
        # From here on an alarm could leave it sent, and not recorded.
        with without_limit() if connections.is_bounded() else nullcontext():
            try:
                _send(envelope)
            except Exception as error:  # noqa: BLE001 -- another one is raised
                told = _failed(envelope, error)
                # One that was raised before has its own story.
                raise told from None if told.__traceback__ else error
            return _sent(envelope)


def _is_first_attempt(job: BackgroundJob | None) -> bool:
    """A later one has waited for itself; and it is how we learn that the server is back."""
    return job is not None and job.attempts - job.attempts_before_retry <= 1


def _send(envelope: Envelope) -> None:
    """A worker, which has more to send, keeps its connection; a web process leaves none open."""
    connections.send(envelope.message, keep=current_job() is not None)
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


def _sent(envelope: Envelope) -> SentMail:
    """Write down that it was, whatever the database does meanwhile: or it would be sent again."""

    def record() -> SentMail:
        backoff.note_answer()
        return _record(envelope, SentMailStatus.SENT)

    return _persist(record)


def _failed(envelope: Envelope, error: Exception) -> Exception:
    """Write it down; returns the error that ends the attempt."""
    told = as_temporary(error) or error
    status = status_of_error(error, envelope.message)
    reason = str(told) if type(told) is TemporaryDeliveryError else f"{type(told).__name__}: {told}"

    def record() -> SentMail:
        backoff.note_error(error)
        record = _record(envelope, status, reason, is_unanswered=isinstance(told, Unanswered))
        if status == SentMailStatus.BOUNCED:
            SentMail.consequences.mark_undeliverable(record)
        return record

    times = _persist(record).unanswered
    if not isinstance(told, Unanswered):
        return told
    if times >= _MOST_COPIES:
        return NeverAnswered(f"it was given to the server {times} times; the last time {told}")
    told.retry_after *= _LATER ** (times - 1)
    return told


def _persist(record: Callable[[], SentMail]) -> SentMail:
    with without_limit():
        return persist("what became of an email", record) if current_job() else record()


def _record(
    envelope: Envelope, status: SentMailStatus, reason: str = "", *, is_unanswered: bool = False
) -> SentMail:
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
        is_unanswered=is_unanswered,
    )


def _provider_message_id(message: Message) -> str:
    """A set of them would be one for each of several recipients."""
    given = message.provider_status.message_id
    return clean(str(given)) if isinstance(given, str | int) else ""
