"""Search of sent emails."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from booru.models import User
from booru.search.conditions import NOTHING
from booru.web.lists.search import Search
from booru.web.lists.search_fields import dates, enumeration, numbers, related, strings, users
from booru.web.lists.user_search import USER_SEARCH
from mailers.models import SentMail, SentMailStatus


def _message_id(text: str) -> Q:
    """Ours, as the header has it or without <>, or the provider's."""
    name = text.strip().strip("<>")
    ids = [name, f"<{name}>"]
    return Q(message_id__in=ids) | Q(provider_message_id__in=ids)


def _job_id(text: str) -> Q:
    try:
        return Q(job_id=UUID(text.strip()))
    except ValueError:
        return NOTHING


def _recipient(text: str) -> Q:
    """An address in whatever capitals, or a part of one with stars."""
    text = text.strip()
    return Q(recipient__matches=text) if "*" in text else Q(recipient__lower=text.lower())


SENT_MAIL_SEARCH = Search[SentMail](
    numbers("id"),
    dates("created_at", "updated_at", "sent_at"),
    strings("mail", "request_id", "subject", "reason"),
    enumeration("status", SentMailStatus),
    users("user"),
    {"message_id": _message_id, "job_id": _job_id, "recipient": _recipient},
    related={"user": related("user", USER_SEARCH, User.objects.all())},
)
