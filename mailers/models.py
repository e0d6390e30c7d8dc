"""The record of what was sent, and what became of it: no bodies, no tokens."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class SentMailStatus(models.TextChoices):
    SENT = "sent"  # the mail server or provider took it
    NOT_DELIVERED = "not_delivered"  # rendered, and on purpose not sent; `reason` says why
    FAILED = "failed"  # the last attempt ended with the error in `reason`


class SentMail(models.Model):
    """One email; a retry writes to the same row, because it repeats the Message-ID."""

    message_id = models.TextField(unique=True)
    # No foreign key: jobs are pruned long before the record of their emails.
    job_id = models.UUIDField(null=True, db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="sent_mails", db_constraint=False
    )
    mail = models.TextField()  # "UserMailer.welcome_user"
    recipient = models.TextField(blank=True)
    subject = models.TextField()
    request_id = models.TextField(blank=True, db_index=True)
    status = models.TextField(choices=SentMailStatus.choices)
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "sent_mails"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.mail} to {self.recipient or 'nobody'}"
