"""Corrects, checks and canonicalises email addresses (behaviour F.3, F.4, F.6)."""

from __future__ import annotations

import re
from typing import Final

from django.utils.crypto import salted_hmac

from booru.email_addresses.providers import DOMAIN_ALIASES, WELL_KNOWN_PROVIDERS

# Longer text is no address with a typo.
_LONGEST_TYPO = 500
_SYNTAX = re.compile(r"[a-zA-Z0-9._+-]+(?<!\.)@([a-zA-Z0-9][a-zA-Z0-9-]{0,61}\.)+[a-zA-Z]{2,}")

_SUB_ADDRESS_SIGNS = {"gmail.com": "+", "outlook.com": "+", "yahoo.com": "-"}

# In the order in which they are applied; the comment tells the rule's number in the behaviour page.
_CORRECTIONS: Final = [
    (re.compile(pattern, re.IGNORECASE), replacement)
    for pattern, replacement in [
        (r"[\\/]$", ""),  # 2
        (r"^https?://(?:www\.)?", ""),  # 3
        (r"^mailto:", ""),  # 4
        (r"^[^<>]*<([^<>]+@[^<>]+)>$", r"\1"),  # 5
        (r"@\.", "@"),  # 6
        (r"\.+@", "@"),
        (r"@com$", ".com"),  # 7
        (r"\.co,$", ".com"),
        (r"\.com.$", ".com"),
        (r"\.con$", ".com"),
        (r"\.\.com$", ".com"),
        (r"@gmail?$", "@gmail.com"),  # 8
        (r"@yahoo$", "@yahoo.com"),
        (r"@hot(?:mail?|[^m]ail)$", "@hotmail.com"),
        (r"@live$", "@live.com"),
        (r"@(?:.gmail|g.ail|gm.il|gma.l|gma.il|gamil|gnail|gmai.|gmai)\.com$", "@gmail.com"),  # 9
        (r"@(?:gmail\.co.?|gmai\.co)$", "@gmail.com"),
        (r"@(?:hotmai|hot.ail|hot.mail)\.com$", "@hotmail.com"),  # 10
        (r"@hanm.ail\.net$", "@hanmail.net"),
        (r"@(gmail|yahoo|hotmail|outlook|live).?com$", r"@\1.com"),  # 11
        (r"@([a-z]+)(?:\.com)?@\1\.com$", r"@\1.com"),  # 12
    ]
]


def correct(text: str) -> str:
    """The address that was most likely meant; the text as it is when none can be made of it."""
    if len(text) > _LONGEST_TYPO:
        return text
    address = " ".join(text.split())
    for pattern, replacement in _CORRECTIONS:
        address = pattern.sub(replacement, address)
    name, at, domain = address.partition("@")
    address = f"{name}{at}{domain.lower()}"
    return address if is_valid(address) else text


def is_valid(address: str) -> bool:
    """Could it be somebody's address, by its looks?

    Something like `+tag@gmail.com`, a sub-address of nobody, could not.
    """
    return _SYNTAX.fullmatch(address) is not None and _mailbox(address)[0] != ""


def canonicalize(address: str) -> str:
    """The one form that all spellings of the same mailbox have; text that is no address stays as it is."""
    return "@".join(_mailbox(address)) if is_valid(address) else address


def mailbox_key(address: str) -> str:
    """What all addresses share whose mail most likely ends in one mailbox: a `+tag` counts for nothing.

    To count what is sent there; a digest, so that where it is kept no address is read. Two people may share a
    key, so it says nothing of whose the address is.
    """
    name, at, domain = canonicalize(correct(address)).rpartition("@")
    mailbox = f"{name.partition('+')[0] or name}{at}{domain}"
    return f"email/{salted_hmac('booru.email_addresses.mailbox', mailbox).hexdigest()}"


def is_restricted(normalized_address: str) -> bool:
    """Not with one of the well-known providers, which check who signs up; proves little about its owner."""
    return normalized_address.rpartition("@")[2] not in WELL_KNOWN_PROVIDERS


def _mailbox(address: str) -> tuple[str, str]:
    name, _, domain = address.partition("@")
    domain = DOMAIN_ALIASES.get(domain.lower(), domain.lower())
    if sign := _SUB_ADDRESS_SIGNS.get(domain):
        name = name.partition(sign)[0]
    if domain == "gmail.com":
        name = name.replace(".", "")
    return name.lower(), domain
