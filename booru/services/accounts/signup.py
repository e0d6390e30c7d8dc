"""A new account, with its address and its welcome email (behaviour I.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from booru.email_addresses.deliverability import is_undeliverable
from booru.models import EmailAddress, User
from booru.models.accounts.user import validate_user_name
from booru.services.accounts.passwords import check_new_password

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Signup:
    """What somebody wants to be known by; `email_address` may be ""."""

    name: str
    password: str
    password_confirmation: str
    email_address: str

    def check(self) -> None:
        """Raise ValidationError with everything that is wrong.

        That may take three seconds, so ask before a transaction begins.
        """
        errors: dict[str, list[str]] = {}
        for check in self._checks():
            try:
                check()
            except ValidationError as error:
                errors |= error.message_dict
        if not errors and self.email_address and is_undeliverable(self._address().address):
            errors = {"address": ["is invalid or does not exist"]}
        if errors:
            raise ValidationError(errors)

    def save(self, *, suspicious: bool) -> User:
        """Make the user and the address; a suspicious one is restricted until an address is verified.

        Raises ValidationError when somebody else got the name or the address at this very moment.
        """
        user: User = User.objects.create_user(self.name, self.password, requires_verification=suspicious)
        if self.email_address:
            address = self._address()
            address.user = user
            address.save()
            user.email_address = address
        return user

    def _checks(self) -> list[Callable[[], None]]:
        checks = [
            lambda: validate_user_name(self.name),
            lambda: check_new_password(self.password, self.password_confirmation),
        ]
        return [*checks, self._address().validate] if self.email_address else checks

    def _address(self) -> EmailAddress:
        address = EmailAddress()
        address.assign(self.email_address)
        return address
