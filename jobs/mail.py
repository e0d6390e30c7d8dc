"""Delivering email in the background (behaviour G.5)."""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

from django.db import InterfaceError, OperationalError
from django.utils.module_loading import import_string

from jobs.engine.base import Job
from jobs.engine.enqueue.moved import current_path
from jobs.engine.errors import JobTimeout
from jobs.engine.retry import Retry, polynomial


class TemporaryDeliveryError(Exception):
    """The mail server or provider said "not now"; the text is its answer."""


_LATER = (TimeoutError, ConnectionError, SMTPServerDisconnected, TemporaryDeliveryError)


class MailDeliveryJob(Job):
    """Build an email again and deliver it; a time-out or a server that says "not now" is tried again.

    In a queue of its own, so that a slow mail server never has all workers (JOBS_QUEUE_LIMITS).
    """

    queue_name = "mail"
    # For rendering, and a provider's API; a conversation with a mail server has a limit of its own.
    timeout = timedelta(minutes=5)
    # Whatever breaks the database's connection breaks it before the email is sent: mailers.sending.delivery.
    retry = Retry(on=(*_LATER, JobTimeout, OperationalError, InterfaceError), attempts=8, wait=polynomial)

    def perform(
        self,
        mailer: str,
        method: str,
        args: list[Any],
        kwargs: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        mailer_class = import_string(current_path(mailer))
        delivery = mailer_class(headers=headers).delivery(method, *args, **(kwargs or {}))
        delivery.deliver_now(job=self.job)


class MailReportsJob(Job):
    """Take what a provider reported of emails: where they arrived, and where they did not."""

    priority = 5
    retry = Retry(on=(OperationalError, InterfaceError), attempts=8, wait=polynomial)

    def perform(self, taker: str, reports: list[dict[str, Any]], round_number: int = 0) -> None:
        """`round_number`: how often these were looked at before, too early."""
        import_string(current_path(taker))(reports, round_number)
