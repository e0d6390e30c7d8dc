"""Where copyright complaints go: to the Owner, to our address for them, to the author (behaviour G.4)."""

from __future__ import annotations

import logging
import re
from enum import Enum
from typing import TYPE_CHECKING

from booru.dtext.emojis import EMOJIS
from booru.email_addresses.deliverability import is_undeliverable
from booru.email_addresses.spelling import canonicalize
from booru.models import Dmail, EmailAddress, Level, User
from mailers.content.senders import address_of
from mailers.models import SentMailStatus
from mailers.user_mailer import UserMailer

if TYPE_CHECKING:
    from booru.rules.copyright_complaint import DmcaComplaint

logger = logging.getLogger("booru.dmca")

_LABELS = {
    "name": "Name",
    "email": "Email",
    "address": "Address",
    "infringing_urls": "What infringes",
    "original_urls": "The original works",
    "proof": "Proof",
    "statements": "Statements",
    "signature": "Signature",
}
_CODE_END = re.compile(r"\[(?=/code\])", re.IGNORECASE)
_EMOJI = re.compile(rf":(?=({'|'.join(EMOJIS)}):)", re.IGNORECASE)


class Copy(Enum):
    """What became of the author's copy."""

    SENT = "sent"
    LATER = "later"
    NONE = "none"


def receive_complaint(complaint: DmcaComplaint) -> Copy:
    """Pass the complaint on, at once.

    The Owner's message is saved first, so that no mail server can lose a complaint; what cannot be emailed
    now is tried again. Not for the inside of a transaction.
    """
    _tell_the_owner(complaint)
    _email(complaint, address_of("dmca"))
    return Copy.NONE if _takes_no_email(complaint.email) else _email(complaint, complaint.email)


def _email(complaint: DmcaComplaint, to: str) -> Copy:
    try:
        sent = UserMailer().dmca_complaint(to, complaint.facts()).deliver_now_or_later()
    except Exception:
        # Whatever is wrong with the mail server, the Owner has the complaint, and a job shows the error.
        logger.exception("A copyright complaint could not be emailed")
        return Copy.NONE
    if sent is None:
        return Copy.LATER
    return Copy.SENT if sent.status == SentMailStatus.SENT else Copy.NONE


def _tell_the_owner(complaint: DmcaComplaint) -> None:
    owner = User.objects.filter(level=Level.OWNER, is_deleted=False).order_by("pk").first()
    title = f"DMCA Complaint from {complaint.name}"
    dmail = Dmail.objects.send_automated(owner, title, _dtext(complaint))
    if not dmail.pk:
        logger.error("No Owner could be told of a copyright complaint; it is only in the emails")


def _dtext(complaint: DmcaComplaint) -> str:
    facts = complaint.facts()
    parts = ['Somebody sent the "form for copyright complaints":/dmca. We process it within 48 hours.']
    parts += [f"[b]{label}[/b]\n[code]\n{_as_it_is(facts[name])}\n[/code]" for name, label in _LABELS.items()]
    return "\n\n".join(parts)


def _as_it_is(value: str | list[str]) -> str:
    """Text for a [code] block: none of it is markup, nor counts as a picture or an emoji of the message."""
    lines = value.splitlines() if isinstance(value, str) else value
    return "\n".join(f" {_EMOJI.sub(': ', _CODE_END.sub('[ ', line))}" for line in lines)


def _takes_no_email(address: str) -> bool:
    """Did email to it come back before, or is it certain that it would?"""
    bounced = EmailAddress.objects.filter(is_deliverable=False)
    return bounced.filter(normalized_address=canonicalize(address)).exists() or is_undeliverable(address)
