"""Mailer: the class that every group of emails is, and Delivery, an email that is not sent yet."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Any, ClassVar, Concatenate, ParamSpec, TypeVar

from jobs.engine.context import RequestContext, current_context, use_context
from jobs.mail import MailDeliveryJob
from mailers.content.headers import Headers
from mailers.content.message import Message, build_message
from mailers.sending.delivery import Envelope, deliver

if TYPE_CHECKING:
    from django.http import HttpRequest

    from jobs.engine.models import BackgroundJob
    from mailers.mail import Mail
    from mailers.models import SentMail

logger = logging.getLogger("mailers")

# Longer than the slowest mail server takes to say no.
_SECOND_TRY = timedelta(minutes=2)

P = ParamSpec("P")
M = TypeVar("M", bound="Mailer")


class UnknownMail(Exception):
    """A job names an email that this code does not have."""


class Mailer:
    """A group of emails: subclass it and write one method an email, marked with @email.

    class UserMailer(Mailer):
        @email
        def welcome_user(self, user: User) -> Mail: ...

    UserMailer(request=request).welcome_user(user).deliver_later()

    The request, by default the current one, is told in the headers; `headers` are added (names in "X-").
    """

    emails: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, request: HttpRequest | None = None, headers: Mapping[str, str] | None = None) -> None:
        self.context = RequestContext.from_request(request) if request else current_context()
        self.headers = dict(headers or {})

    def __init_subclass__(cls) -> None:
        own = {name for name, value in vars(cls).items() if hasattr(value, "builds_mail")}
        cls.emails = cls.emails | own

    def delivery(self, method: str, *args: Any, **kwargs: Any) -> Delivery:
        """The email of this name. Raises UnknownMail."""
        if method not in self.emails:
            raise UnknownMail(f"{type(self).__name__} has no email {method!r}")
        delivery: Delivery = getattr(self, method)(*args, **kwargs)
        return delivery


@dataclass(frozen=True)
class Delivery:
    """An email that nothing was done for yet: it is rendered when it is delivered, or looked at."""

    mailer: Mailer
    method: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    build: Callable[[], Mail]

    def deliver_later(
        self,
        *,
        run_after: datetime | timedelta | None = None,
        priority: int | None = None,
        queue_name: str | None = None,
    ) -> BackgroundJob:
        """Enqueue a MailDeliveryJob in the caller's transaction.

        Raises ArgumentError when an argument of the email cannot be kept in a job.
        """
        launcher = MailDeliveryJob.using(run_after=run_after, priority=priority, queue_name=queue_name)
        path = f"{type(self.mailer).__module__}.{type(self.mailer).__qualname__}"
        options: dict[str, Any] = {"kwargs": self.kwargs, "headers": self.mailer.headers}
        given = {name: value for name, value in options.items() if value}
        with use_context(self.mailer.context):
            return launcher.enqueue(path, self.method, list(self.args), **given)

    def deliver_now(self, *, job: BackgroundJob | None = None) -> SentMail:
        """Render and send it here and now; `job` is the delivery job that does so, if any.

        Returns the record. When the user cannot receive email it is built but not sent, and nothing raises.
        Raises what goes wrong while it is sent.
        """
        return deliver(self._envelope(job))

    def deliver_now_or_later(self) -> SentMail | None:
        """Send it here and now; when that fails, or this process dies meanwhile, a job does it.

        For what must neither wait nor get lost: the job is there before anything is tried, so call it outside
        of transactions. Returns the record, or None when the trouble may pass. Raises what will not pass; the
        job stays then, too, for people to see why.
        """
        job = self.deliver_later(run_after=_SECOND_TRY)
        try:
            record = self.deliver_now(job=job)
        except MailDeliveryJob.retry.on as error:
            logger.warning("%s is left to job %s: %s", self.method, job.pk, error)
            return None
        job.delete()
        return record

    @cached_property
    def message(self) -> Message:
        """The email as it would be sent now."""
        return self._envelope(None).message

    def _envelope(self, job: BackgroundJob | None) -> Envelope:
        mail = self.build()
        headers = Headers(mail.user, self.mailer.context, job, self.mailer.headers)
        name = f"{type(self.mailer).__name__}.{self.method}"
        return Envelope(name, mail, headers, build_message(name, mail, headers))


def email(method: Callable[Concatenate[M, P], Mail]) -> Callable[Concatenate[M, P], Delivery]:
    """Mark a method of a mailer as an email: calling it gives a Delivery."""

    @wraps(method)
    def delivery(mailer: M, /, *args: P.args, **kwargs: P.kwargs) -> Delivery:
        return Delivery(mailer, method.__name__, args, kwargs, lambda: method(mailer, *args, **kwargs))

    delivery.builds_mail = True  # type: ignore[attr-defined]
    return delivery
