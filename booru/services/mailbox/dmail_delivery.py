"""Delivers what people write, and catches spam (behaviour E.4)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from booru.models import Dmail, ModerationReport, User
from booru.models.moderation.ban import FOREVER
from booru.services.mailbox import spam_check
from booru.services.moderation.bans import ban

if TYPE_CHECKING:
    from booru.models import User as Sender

REASON = "Spam."
BAN_REASON = "Spambot."
_NEW_ACCOUNT = timedelta(days=30)
# So many reports within so long are no mistake.
_REPORTS = 10
_WINDOW = timedelta(hours=1)


def send_dmail(sender: Sender, recipient: Sender | None, title: str, body: str) -> Dmail:
    """Put a copy into both mailboxes and return the sender's, as if spam were no different.

    The recipient's copy of spam is deleted already, and a moderator gets a report. Raises ValidationError,
    and saves nothing, on bad input. Whether the sender may is not looked at.
    """
    sent = Dmail.objects.compose(sender, recipient, title, body)
    is_spam = _may_be_spam(sent) and spam_check.is_spam(sent)
    with transaction.atomic():
        received = Dmail.objects.deliver(sent, is_spam=is_spam)
        if is_spam and received:
            ModerationReport.objects.report(User.objects.system(), received, REASON)
            _ban_spammer(sender)
    return sent


def _may_be_spam(sent: Dmail) -> bool:
    """Only new accounts below Gold are asked about, and only what they write to others."""
    sender = sent.from_user
    is_new = sender.created_at >= timezone.now() - _NEW_ACCOUNT
    return sent.to_user != sender and is_new and not sender.is_gold


def _ban_spammer(sender: Sender) -> None:
    # One at a time counts, so that of two reports at the same moment the later one sees both.
    User.objects.select_for_update(no_key=True).get(pk=sender.pk)
    if (
        ModerationReport.objects.about_dmails_of(sender, since=timezone.now() - _WINDOW, reason=REASON)
        < _REPORTS
    ):
        return
    try:
        ban(sender, User.objects.system(), FOREVER, BAN_REASON)
    except ValidationError:
        # Banned already.
        return
