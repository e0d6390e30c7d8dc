"""Private messages between users (behaviour E)."""

from __future__ import annotations

import logging
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse

from booru.models.accounts.user import User
from booru.models.base import TimestampedModel
from booru.models.messages.embeds import embed_errors
from booru.rules.field_errors import full_messages, raise_any
from booru.rules.text import dtext_attribute, title_attribute, visible_text_errors
from mailers.content.links import dmail_url
from mailers.user_mailer import UserMailer

logger = logging.getLogger("booru.dmails")

MAX_TITLE = 200
MAX_BODY = 50_000
_REPLY = "Re: "
_IS_UNREAD = Q(is_read=False, is_deleted=False)
_IS_SENT = Q(owner=F("from_user"))
_FOLDERS = {
    "received": Q(owner=F("to_user"), is_deleted=False),
    "unread": Q(owner=F("to_user")) & _IS_UNREAD,
    "sent": _IS_SENT & Q(is_deleted=False),
    "deleted": Q(is_deleted=True),
}
_share_keys = Signer(salt="booru.dmail_link")


class DmailQuerySet(models.QuerySet["Dmail"]):
    def visible_to(self, user: object) -> Self:
        """The copies in this user's mailbox; none for an anonymous visitor."""
        return self.filter(owner=user) if isinstance(user, User) else self.none()

    def unread(self) -> Self:
        """What the owner has not read; what is deleted need not be."""
        return self.filter(_IS_UNREAD)

    def folder(self, name: str) -> Self:
        """`received`, `unread`, `sent` or `deleted`; any other name gives everything."""
        return self.filter(_FOLDERS.get(name, Q()))

    def count_by_folder(self, owner: User) -> dict[str, int]:
        """How many copies each folder of the mailbox has, and `all`, with one query."""
        counts = {name: models.Count("pk", filter=condition) for name, condition in _FOLDERS.items()}
        return self.filter(owner=owner).order_by().aggregate(all=models.Count("pk"), **counts)

    def by_key(self, key: str) -> Dmail | None:
        """The dmail of a share link; None when the key was not made by us."""
        try:
            return self.filter(pk=int(_share_keys.unsign(key))).first()
        except BadSignature:
            return None


class DmailManager(models.Manager["Dmail"].from_queryset(DmailQuerySet)):  # type: ignore[misc]
    def send(self, from_user: User, to_user: User | None, title: str, body: str) -> Dmail:
        """Put a copy into both mailboxes, notify the recipient, and return the sender's copy (behaviour E.4).

        Raises ValidationError, and saves nothing, on bad input.
        """
        sent = self.compose(from_user, to_user, title, body)
        self.deliver(sent)
        return sent

    def compose(self, from_user: User, to_user: User | None, title: str, body: str) -> Dmail:
        """The sender's copy, which `deliver` saves. Raises ValidationError on bad input.

        A deleted account is no recipient: nobody would ever read it.
        """
        recipient = None if to_user is not None and to_user.is_deleted else to_user
        sent: Dmail = self.model(
            owner=from_user, from_user=from_user, to_user=recipient, title=title, body=body, is_read=True
        )
        sent.validate()
        return sent

    @transaction.atomic
    def deliver(self, sent: Dmail, *, is_spam: bool = False) -> Dmail | None:
        """Save the sender's copy and the recipient's, and return the latter.

        There is none of a message to oneself. Spam comes deleted, and without an email.
        """
        received = None
        if sent.to_user != sent.from_user:
            received = self._put_into_mailbox(sent, is_deleted=is_spam, email=not is_spam)
        sent.save()
        return received

    def send_automated(self, to_user: User | None, title: str, body: str, *, email: bool = True) -> Dmail:
        """Tell a user something in the site's name; `email` says whether an email may announce it.

        A bad message stops nobody's work: it is logged, and what is returned has no id. So has what is for
        somebody whose account is deleted.
        """
        system = User.objects.system()
        dmail: Dmail = self.model(owner=to_user, from_user=system, to_user=to_user, title=title, body=body)
        if to_user is not None and to_user.is_deleted:
            return dmail
        try:
            dmail.validate()
        except ValidationError as error:
            logger.warning("Automated dmail %r to %s was not sent: %s", title, to_user, full_messages(error))
            return dmail
        return self._put_into_mailbox(dmail, email=email)

    @transaction.atomic
    def mark_all_as_read(self, owner: User) -> None:
        """Everything unread in the mailbox becomes read, deleted or not."""
        self.filter(owner=owner, is_read=False).update(is_read=True)
        self.recount_unread(owner)

    @transaction.atomic
    def recount_unread(self, owner: User) -> None:
        """Set the user's unread counter right (behaviour E.5), on the row and on this object."""
        # Whoever holds the lock counts what others saved before they waited for it: nothing gets lost.
        User.objects.select_for_update(no_key=True).get(pk=owner.pk)
        owner.unread_dmail_count = self.unread().filter(owner=owner).count()
        User.objects.filter(pk=owner.pk).update(unread_dmail_count=owner.unread_dmail_count)

    @transaction.atomic
    def _put_into_mailbox(self, dmail: Dmail, *, is_deleted: bool = False, email: bool = True) -> Dmail:
        """Save the recipient's copy of a message."""
        recipient = dmail.to_user
        received: Dmail = self.create(
            owner=recipient,
            from_user=dmail.from_user,
            to_user=recipient,
            title=dmail.title,
            body=dmail.body,
            is_deleted=is_deleted,
        )
        if email and recipient.receive_email_notifications:
            headers = {"X-Danbooru-Dmail": dmail_url(received)}
            UserMailer(headers=headers).dmail_notice(received).deliver_later()
        return received


class Dmail(TimestampedModel):
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="dmails")
    from_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_column="from_id"
    )
    to_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_column="to_id")
    title = models.TextField()
    body = models.TextField()
    is_read = models.BooleanField(default=False)
    is_deleted = models.BooleanField(default=False)

    objects: ClassVar[DmailManager] = DmailManager()

    # What the email about it tells.
    loaded_for_jobs = ("from_user", "to_user__email_address")

    class Meta:
        db_table = "dmails"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["owner"], condition=_IS_UNREAD, name="dmails_unread"),
            models.Index(fields=["owner", "created_at"], condition=_IS_SENT, name="dmails_sent"),
        ]

    def __str__(self) -> str:
        return f"dmail #{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("dmail", args=[self.pk])

    @property
    def is_automated(self) -> bool:
        """The site wrote it; nobody sees replies."""
        return self.from_user.is_system

    @property
    def key(self) -> str:
        """Lets whoever has it read this copy, for ever."""
        return _share_keys.sign(str(self.pk))

    @property
    def is_received(self) -> bool:
        """It is the recipient's copy of somebody else's message."""
        return self.owner_id == self.to_user_id != self.from_user_id

    def others_of_conversation(self) -> DmailQuerySet:
        """What else the two wrote each other under this title, as far as the mailbox still has it."""
        base = self.title.removeprefix(_REPLY)
        between = Q(from_user=self.from_user_id, to_user=self.to_user_id)
        between |= Q(from_user=self.to_user_id, to_user=self.from_user_id)
        same: DmailQuerySet = Dmail.objects.filter(
            between, owner=self.owner_id, title__in=[base, f"{_REPLY}{base}"], is_deleted=False
        )
        return same.exclude(pk=self.pk)

    def mark_read(self, is_read: bool) -> None:
        self.set_flags(is_read=is_read)

    def delete_copy(self) -> None:
        """Put the copy into the folder of deleted ones; the other's copy stays."""
        self.set_flags(is_deleted=True)

    def set_flags(self, **flags: bool) -> None:
        """Save is_read or is_deleted, and leave alone what somebody else may change at the same time."""
        for name, value in flags.items():
            setattr(self, name, value)
        self.save(update_fields=[*flags, "updated_at"])

    def validate(self) -> None:
        """Bring title and body into their saved form; raises ValidationError (behaviour E.2, E.3)."""
        self.title, self.body = title_attribute(self.title), dtext_attribute(self.body)
        errors = {
            "title": visible_text_errors(self.title, MAX_TITLE),
            "body": visible_text_errors(self.body, MAX_BODY) + embed_errors(self.body),
            **{name: ["must exist"] for name in ("owner", "to_user", "from_user") if self._lacks(name)},
        }
        raise_any(errors)

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps the owner's unread counter right."""
        # The sender's copy comes read and takes no lock, so two who write to each other cannot deadlock.
        counts = not self._state.adding or not (self.is_read or self.is_deleted)
        super().save(*args, **kwargs)
        if counts:
            Dmail.objects.recount_unread(self.owner)

    @transaction.atomic
    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Remove the copy for good; the owner's unread counter follows."""
        deleted = super().delete(*args, **kwargs)
        Dmail.objects.recount_unread(self.owner)
        return deleted

    def _lacks(self, name: str) -> bool:
        return getattr(self, f"{name}_id") is None
