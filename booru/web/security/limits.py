"""How often passwords are reset and changed, and backup codes asked for (behaviour I.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.email_addresses.spelling import mailbox_key
from booru.web.limits.rate_limits import Limit

if TYPE_CHECKING:
    from booru.models import User


def password_reset_request_limit(_user: User | None) -> Limit:
    return Limit("password_resets:create", 1 / 60, 5)


# What one mailbox is sent, whoever asks for it.
PASSWORD_RESET_MAIL_LIMIT = Limit("password_resets:mail", 1 / 600, 5)


def password_reset_limit(_user: User | None) -> Limit:
    return Limit("password_resets:update", 1 / 1800, 50)


def password_change_limit(_user: User | None) -> Limit:
    return Limit("passwords:update", 1 / 300, 10)


def recovery_limit(_user: User | None) -> Limit:
    return Limit("backup_codes:recover", 1 / 60, 10)


def key_of_inbox(user: User) -> str:
    """Where the user's emails end, whoever else shares that; the account, for one without an address."""
    email_address = getattr(user, "email_address", None)
    return mailbox_key(email_address.address) if email_address else f"users/{user.pk}"
