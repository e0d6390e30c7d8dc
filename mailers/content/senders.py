"""Who emails are from (behaviour G.1)."""

from __future__ import annotations

from typing import Literal

from django.conf import settings

from mailers.content.header_text import mailbox
from mailers.content.links import canonical_host

Role = Literal["webmaster", "dmca", "notifications", "security", "welcome"]


def address_of(role: Role) -> str:
    """`role@host`, or what DANBOORU_MAIL_ADDRESSES says for that role."""
    return settings.DANBOORU_MAIL_ADDRESSES.get(role) or f"{role}@{canonical_host()}"


def sender(role: Role) -> str:
    """`Danbooru <role@host>`; complaints come from the bare address."""
    if role == "dmca":
        return address_of(role)
    return mailbox(settings.DANBOORU_APP_NAME, address_of(role))
