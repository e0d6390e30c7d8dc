"""What providers report of emails on their way, and what follows from it."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from anymail.signals import EventType, RejectReason
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from jobs.engine.models import BackgroundJob
from mailers.models import REFUSED_BY_RECIPIENT, SentMail, SentMailStatus
from mailers.tracking.bounces import status_of_bounce
from mailers.tracking.record_text import clean

if TYPE_CHECKING:
    from anymail.signals import AnymailTrackingEvent

logger = logging.getLogger("mailers")

# Whether somebody opened an email or followed a link in it is nobody's business: such reports are not kept.
_STATUSES = {
    EventType.DEFERRED: SentMailStatus.DEFERRED,
    EventType.DELIVERED: SentMailStatus.DELIVERED,
    EventType.REJECTED: SentMailStatus.REJECTED,
    EventType.UNSUBSCRIBED: SentMailStatus.UNSUBSCRIBED,
    EventType.COMPLAINED: SentMailStatus.COMPLAINED,
}
_BOUNCES = frozenset({EventType.BOUNCED, EventType.FAILED})
# Providers remember who bounced or complained, and tell so when they are given another email to send there.
_NOBODY_THERE = frozenset({RejectReason.INVALID, RejectReason.BOUNCED})
_NOT_WANTED = frozenset({RejectReason.SPAM, RejectReason.UNSUBSCRIBED})


class NotRecordedYet(Exception):
    """The report is of an email whose job has not noted yet that it was sent; let it come again."""


@dataclass(frozen=True, slots=True)
class Report:
    """That an email reached a status. `message_id` is the provider's or ours, with or without <>."""

    status: SentMailStatus
    message_id: str
    job_id: UUID | None
    reason: str
    reject_reason: str | None
    occurred_at: datetime | None  # None when the provider does not say

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Report:
        """As asdict() gave it, when it comes from a job."""
        return cls(**{**record, "status": SentMailStatus(record["status"])})


def read_event(event: AnymailTrackingEvent, provider: str) -> Report | None:
    """The report; None for one that says nothing of the delivery."""
    status = _STATUSES.get(event.event_type)
    if event.event_type in _BOUNCES:
        status = status_of_bounce(event, provider)
    if status is None:
        return None
    metadata = event.metadata if isinstance(event.metadata, dict) else {}
    reasons = (event.reject_reason, event.description, event.mta_response)
    return Report(
        status=status,
        message_id=clean(str(event.message_id or "")),
        job_id=_uuid(metadata.get("job_id")),
        reason="" if status == SentMailStatus.DELIVERED else clean(": ".join(str(r) for r in reasons if r)),
        reject_reason=event.reject_reason,
        occurred_at=_moment(event.timestamp),
    )


def take(report: Report) -> None:
    """Note it once, and do what follows from it once, in whichever order reports come.

    Reports of emails that are not ours, or not kept any more, are left aside. Raises NotRecordedYet.
    """
    with transaction.atomic():
        mail = _find(report)
        if mail is not None:
            _note(report, mail)
            return
    if report.job_id and BackgroundJob.objects.unfinished().filter(pk=report.job_id).exists():
        raise NotRecordedYet(f"{report.status} of the email of the job {report.job_id}")
    logger.info("A report, %s, is of no email that is known here", report.status)


def _note(report: Report, mail: SentMail) -> None:
    """With the row of the email locked."""
    occurred_at = report.occurred_at or timezone.now()
    details = {"reason": report.reason, "occurred_at": occurred_at}
    _, is_new = mail.events.get_or_create(status=report.status, defaults=details)
    if not is_new:
        return
    rows = SentMail.objects.filter(pk=mail.pk)
    # Somebody has it, whatever became of the answer to our worker.
    rows.update(sent_at=Coalesce("sent_at", occurred_at), updated_at=Now())
    if report.status.is_after(mail.status):
        rows.update(status=report.status, reason=report.reason)
    logger.info("The email %s to %s: %s", mail.message_id, mail.recipient, report.status)
    if report.status == SentMailStatus.BOUNCED or _is_refusal(report, _NOBODY_THERE):
        SentMail.consequences.mark_undeliverable(mail)
    if report.status in REFUSED_BY_RECIPIENT or _is_refusal(report, _NOT_WANTED):
        SentMail.consequences.stop_notifications(mail)


def _is_refusal(report: Report, reasons: frozenset[str]) -> bool:
    return report.status == SentMailStatus.REJECTED and report.reject_reason in reasons


def _find(report: Report) -> SentMail | None:
    """By the provider's id, or by our own, or by the job that we told the provider of."""
    name = report.message_id.strip("<>")
    ids = [report.message_id, name, f"<{name}>"]
    rows = SentMail.objects.select_for_update(no_key=True).order_by("-id")
    mail = rows.filter(Q(provider_message_id__in=ids) | Q(message_id__in=ids)).first() if name else None
    if mail is None and report.job_id:
        mail = rows.filter(job_id=report.job_id).first()
    return mail


def _uuid(value: object) -> UUID | None:
    with suppress(ValueError):
        return UUID(str(value)) if value else None
    return None


def _moment(given: datetime | None) -> datetime | None:
    if not isinstance(given, datetime):
        return None
    return given if timezone.is_aware(given) else given.replace(tzinfo=UTC)
