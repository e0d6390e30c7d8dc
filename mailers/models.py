"""The record of what was sent, and what became of it: no bodies, no tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from django.conf import settings
from django.db import connection, models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.urls import reverse

if TYPE_CHECKING:
    from booru.models import User


class SentMailStatus(models.TextChoices):
    """In order: a status is never followed by one that stands before it."""

    NOT_DELIVERED = "not_delivered"  # rendered, and on purpose not sent; `reason` says why
    FAILED = "failed"  # the last attempt ended with the error in `reason`
    SENT = "sent"  # the mail server or provider took it
    DEFERRED = "deferred"  # the recipient's server said "not now"; the provider tries again
    DELIVERED = "delivered"  # the recipient's server took it
    REJECTED = "rejected"  # the provider refuses to send it on
    SOFT_BOUNCED = "soft_bounced"  # it came back, for a reason that may pass
    BOUNCED = "bounced"  # there is no such mailbox
    UNSUBSCRIBED = "unsubscribed"
    COMPLAINED = "complained"  # the recipient says it is spam

    def is_after(self, other: str) -> bool:
        order = list(type(self))
        return order.index(self) > order.index(type(self)(other))


REFUSED_BY_RECIPIENT = (SentMailStatus.UNSUBSCRIBED, SentMailStatus.COMPLAINED)


class Consequences(Protocol):
    """What a bounce or a complaint means for the user; the site says how, see SentMail.consequences."""

    def mark_undeliverable(self, mail: SentMail) -> None:
        """Nobody reads mail at the address."""

    def stop_notifications(self, mail: SentMail) -> None:
        """Who reads mail there wants no more of it."""


class SentMailManager(models.Manager["SentMail"]):
    def record(self, message_id: str, **values: Any) -> SentMail:
        """Note how an attempt ended, as the first record of the email or over that of an earlier attempt.

        One statement, because a provider may report of the email at this moment: an email that was once taken
        keeps its record. Takes every column of _COLUMNS, `is_taken` and `is_unanswered`.
        """
        with connection.cursor() as cursor:
            cursor.execute(_RECORD, {"message_id": message_id, **values})
            row = cursor.fetchone()
        if row is None:
            return self.get(message_id=message_id)
        del values["is_taken"], values["is_unanswered"]
        record = self.model(**dict(zip(_RETURNED, row, strict=True)), message_id=message_id, **values)
        record._state.adding, record._state.db = False, self.db
        return record

    def taken(self, message_id: str) -> SentMail | None:
        """The email with this Message-ID, if a server or provider ever took it."""
        return self.filter(message_id=message_id, sent_at__isnull=False).first()

    def is_refused_by(self, user: User, address: str) -> bool:
        """Did this user, at this address, complain about an email, or unsubscribe with the provider?"""
        return self.filter(user_id=user.pk, recipient=address, status__in=REFUSED_BY_RECIPIENT).exists()


class SentMail(models.Model):
    """One email; a retry writes to the same row, because it repeats the Message-ID."""

    message_id = models.TextField(unique=True)
    # What the provider calls it; "" with SMTP.
    provider_message_id = models.TextField(blank=True, db_default="")
    # No foreign key: jobs are pruned long before the record of their emails.
    job_id = models.UUIDField(null=True, db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="sent_mails",
        db_constraint=False,
        db_index=False,
    )
    mail = models.TextField()  # "UserMailer.welcome_user"
    recipient = models.TextField(blank=True)
    subject = models.TextField()
    request_id = models.TextField(blank=True)
    # Whose request led to it; often not the one who gets it.
    asker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    status = models.TextField(choices=SentMailStatus.choices)
    reason = models.TextField(blank=True)
    # How often it was given to a server that did not say whether it took it.
    unanswered = models.PositiveSmallIntegerField(default=0, db_default=0)
    # When the mail server or provider took it.
    sent_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now(), db_index=True)
    updated_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[SentMailManager] = SentMailManager()
    # Set when Django starts, because this layer knows no users.
    consequences: ClassVar[Consequences]

    class Meta:
        db_table = "sent_mails"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["user", "-id"], name="sent_mails_user"),
            models.Index(fields=["mail", "-id"], name="sent_mails_mail"),
            models.Index(fields=["status", "-id"], name="sent_mails_status"),
            models.Index(Lower("recipient"), name="sent_mails_recipient"),
            models.Index(fields=["request_id"], name="sent_mails_request", condition=~Q(request_id="")),
            models.Index(
                fields=["provider_message_id"],
                name="sent_mails_provider",
                condition=~Q(provider_message_id=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mail} to {self.recipient or 'nobody'}"

    def get_absolute_url(self) -> str:
        return reverse("sent_mail", args=[self.pk])


_COLUMNS = (
    *("job_id", "user_id", "mail", "recipient", "subject", "request_id", "asker_id"),
    *("status", "reason", "provider_message_id"),
)
# What the database adds, or knows from an earlier attempt.
_RETURNED = ("id", "unanswered", "sent_at", "created_at", "updated_at")
_RECORD = f"""
    INSERT INTO {SentMail._meta.db_table} (message_id, {", ".join(_COLUMNS)}, unanswered, sent_at)
    VALUES (%(message_id)s, {", ".join(f"%({column})s" for column in _COLUMNS)},
        %(is_unanswered)s::int, CASE WHEN %(is_taken)s THEN statement_timestamp() END)
    ON CONFLICT (message_id) DO UPDATE
    SET unanswered = {SentMail._meta.db_table}.unanswered + EXCLUDED.unanswered,
        status = EXCLUDED.status, reason = EXCLUDED.reason, recipient = EXCLUDED.recipient,
        provider_message_id = EXCLUDED.provider_message_id, sent_at = EXCLUDED.sent_at,
        updated_at = statement_timestamp()
    WHERE {SentMail._meta.db_table}.sent_at IS NULL
    RETURNING {", ".join(_RETURNED)}
"""  # noqa: S608 -- only names of our own


class SentMailEvent(models.Model):
    """What a provider reported of an email; of each kind the first report."""

    sent_mail = models.ForeignKey(SentMail, models.CASCADE, related_name="events", db_index=False)
    status = models.TextField(choices=SentMailStatus.choices)
    reason = models.TextField(blank=True)
    # By the provider's clock.
    occurred_at = models.DateTimeField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "sent_mail_events"
        ordering = ["occurred_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["sent_mail", "status"], name="unique_sent_mail_event"),
        ]

    def __str__(self) -> str:
        return self.status


class MailServerTrouble(models.Model):
    """A mail server or provider that fails one email after the other; the row goes with the next it takes."""

    server = models.TextField(primary_key=True)  # as mailers.sending.backoff calls it
    failures = models.PositiveIntegerField(db_default=1)  # in a row
    reason = models.TextField()
    # Nothing is given to it before.
    retry_at = models.DateTimeField()
    since = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "mail_server_troubles"

    def __str__(self) -> str:
        return f"{self.server}: {self.reason}"
