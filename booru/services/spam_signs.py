"""A spam checker that needs no service: what a message and the sender's last hour tell.

It is asked about new accounts only (booru.services.mailbox.dmail_delivery). What goes out too often is
spam, never a word by itself; an answer to somebody who wrote first is none.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from booru.models import Dmail

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

_WINDOW = timedelta(hours=1)
# To how many others the same words, or a link to the same site, may go within that time.
_MOST_ALIKE = 4
_MOST_WITH_SAME_SITE = 2
# To other sites, in one message to somebody who never wrote.
_MOST_LINKS = 9
_URL = re.compile(r"https?://[^\s<>\[\]\"]{1,2000}", re.IGNORECASE)


def looks_like_spam(dmail: Dmail) -> bool:
    """Whether the sender's copy, not saved yet, is like what spammers send."""
    if _answers(dmail):
        return False
    links = _outside_hosts(dmail.body)
    if len(links) > _MOST_LINKS:
        return True
    earlier = _sent_lately(dmail)
    if _recipients(other for other in earlier if _words(other) == _words(dmail)) > _MOST_ALIKE:
        return True
    hosts = set(links)
    same_site = (other for other in earlier if hosts & set(_outside_hosts(other.body)))
    return bool(hosts) and _recipients(same_site) > _MOST_WITH_SAME_SITE


def _answers(dmail: Dmail) -> bool:
    """Did the recipient write to the sender before?"""
    sender, recipient = dmail.from_user, dmail.to_user
    earlier: QuerySet[Dmail] = Dmail.objects.filter(owner=sender, from_user=recipient, to_user=sender)
    return earlier.exists()


def _sent_lately(dmail: Dmail) -> list[Dmail]:
    """The sender's copies of what others got; rate limits keep them few."""
    sender = dmail.from_user
    sent = Dmail.objects.filter(owner=sender, from_user=sender, created_at__gt=timezone.now() - _WINDOW)
    return list(sent.exclude(to_user__in=[sender, dmail.to_user]))


def _recipients(dmails: Iterable[Dmail]) -> int:
    return len({dmail.to_user_id for dmail in dmails})


def _words(dmail: Dmail) -> str:
    """The message without what is changed easily: capitals, spaces, numbers."""
    return re.sub(r"[\W\d_]+", "", dmail.body).lower() or dmail.body


def _outside_hosts(text: str) -> list[str]:
    """Of each link to another site, the host."""
    own = urlsplit(settings.DANBOORU_CANONICAL_URL).hostname
    hosts = [_host(url) for url in _URL.findall(text)]
    return [host for host in hosts if host and host != own]


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
