"""How often email addresses are changed, and accounts deleted (behaviour F.8, I.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.web.limits.rate_limits import Limit

if TYPE_CHECKING:
    from collections.abc import Callable

    from booru.models import User


def email_address_limit(action: str) -> Callable[[User | None], Limit]:
    """Of what users do with their own address."""
    return lambda _user: Limit(f"emails:{action}", 1 / 600, 3)


def others_email_address_limit(_user: User | None) -> Limit:
    """For admins who change the addresses of users."""
    return Limit("emails:update:others", 2 / 600, 5)


INVALID_EMAIL_ADDRESS_LIMIT = Limit("email_addresses:write:invalid", 1, 5)


def user_deletion_limit(_user: User | None) -> Limit:
    """It tells whether a password is right."""
    return Limit("users:destroy", 1 / 300, 5)
