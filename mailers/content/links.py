"""Links in emails: absolute, from DANBOORU_CANONICAL_URL, because a worker has no request to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.urls import reverse

from mailers.content import tokens

if TYPE_CHECKING:
    from booru.models import Dmail, EmailAddress, User, UserEvent


def absolute_url(path: str) -> str:
    """The path on this site, with scheme and host."""
    return f"{settings.DANBOORU_CANONICAL_URL}{path}"


def page_url(name: str, *args: Any, **query: Any) -> str:
    """The absolute URL of the page with this URL name, its arguments, and a query string."""
    url = absolute_url(reverse(name, args=args))
    return f"{url}?{urlencode(query)}" if query else url


def canonical_host() -> str:
    """The site's host as the domain of an address or a Message-ID: ASCII, without a port."""
    host = urlsplit(settings.DANBOORU_CANONICAL_URL).hostname or "localhost"
    return f"[IPv6:{host}]" if ":" in host else host.encode("idna").decode()


def user_url(user: User) -> str:
    return page_url("user", user.pk)


def dmail_url(dmail: Dmail) -> str:
    return page_url("dmail", dmail.pk)


def reply_url(dmail: Dmail) -> str:
    return page_url("new_dmail", respond_to_id=dmail.pk)


def unsubscribe_url(user: User) -> str:
    """Turns the user's notifications off, without logging in; the same every time (behaviour F.9)."""
    sig = tokens.sign("unsubscribe", user.pk)
    return page_url("email_notification", user_id=user.pk, sig=sig)


def verify_url(email_address: EmailAddress) -> str:
    """Leads to a button that proves that whoever clicks it reads mail at that address (behaviour F.8)."""
    key = tokens.verify_token(email_address)
    return page_url("email_verify", email_address.user_id, email_verification_key=key)


def reset_password_url(user: User) -> str:
    """Lets whoever opens it choose a new password, once (behaviour I.5)."""
    token = tokens.password_reset_token(user)
    return page_url("edit_password_reset", **{"user[signed_id]": token})


def login_verification_url(event: UserEvent) -> str:
    """Leads to a button that lets the user log in from where it is clicked (behaviour I.4)."""
    return page_url("login", signed_login_event=tokens.sign("login_verification", event.pk))


def totp_url(user: User) -> str:
    return page_url("edit_totp", user.pk)


def backup_codes_url(user: User) -> str:
    return page_url("backup_codes", user.pk)
