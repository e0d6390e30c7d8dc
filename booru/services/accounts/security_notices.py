"""Tells users by email what was done with their account, in the transaction that does it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings

from booru.email_addresses.spelling import mailbox_key
from booru.models import EmailAddress, RateLimit
from mailers.user_mailer import UserMailer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from booru.models import ApiKey, User
    from mailers.base import Delivery

# Who gave a stranger's address must not fill the stranger's inbox. Of a verified one nothing is held back.
_UNVERIFIED = {"rate": 1 / 600, "burst": 5}


def tell_of_password(user: User) -> None:
    _tell(user, partial(UserMailer().password_changed, user))


def tell_of_address_change(user: User, old: EmailAddress) -> None:
    """The new address, which is the user's by now, and the old one, which somebody may want back."""
    for address in (old, _address_of(user)):
        _send(address, partial(UserMailer().email_address_changed, user))


def tell_of_address_removal(user: User, old: EmailAddress) -> None:
    _send(old, partial(UserMailer().email_address_removed, user))


def tell_of_api_key(api_key: ApiKey) -> None:
    user, name, permissions = api_key.user, api_key.name, list(api_key.permissions)
    _tell(user, lambda to: UserMailer().api_key_created(user, to, name, permissions))


def tell_of_second_factor(user: User, *, is_new: bool) -> None:
    mailer = UserMailer()
    _tell(user, partial(mailer.two_factor_enabled if is_new else mailer.two_factor_changed, user))


def tell_of_no_second_factor(user: User) -> None:
    _tell(user, partial(UserMailer().two_factor_disabled, user))


def tell_of_backup_codes(user: User) -> None:
    _tell(user, partial(UserMailer().backup_codes_replaced, user))


def tell_of_used_backup_code(user: User) -> None:
    _tell(user, partial(UserMailer().backup_code_used, user))


def tell_of_deletion(user: User, name: str) -> None:
    """`name` is what the user was called until now."""
    _tell(user, lambda to: UserMailer().account_deleted(user, to, name))


def _tell(user: User, build: Callable[[str], Delivery]) -> None:
    _send(_address_of(user), build)


def _send(address: EmailAddress | None, build: Callable[[str], Delivery]) -> None:
    if address and address.is_deliverable and not _is_too_much(address):
        build(address.address).deliver_later()


def _is_too_much(address: EmailAddress) -> bool:
    if address.is_verified or not settings.DANBOORU_RATE_LIMITS:
        return False
    keys: Iterable[str] = [mailbox_key(address.address)]
    return RateLimit.objects.take("security_notices:unverified", keys, **_UNVERIFIED).is_limited


def _address_of(user: User) -> EmailAddress | None:
    return EmailAddress.objects.filter(user=user).first()
