"""New passwords: the rules, a change, and a reset by a mailed link (behaviour I.1, I.5)."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from booru.models import User
from booru.rules.field_errors import raise_any
from booru.services.accounts.security_notices import tell_of_password
from booru.services.accounts.two_factor import use_code
from mailers.content import tokens

_MINIMUM_LENGTH = 5  # characters


class ResetLinkVoid(Exception):
    """The link was altered, is too old, or was used."""


@dataclass(frozen=True)
class NewPassword:
    """What somebody typed who wants another password; `code` is for those with a second factor.

    `place` names where the account is known and this comes from, see use_code().
    """

    password: str
    confirmation: str
    code: str = ""
    place: str = ""


def check_new_password(password: str, confirmation: str) -> None:
    """Raises ValidationError."""
    too_short = f"is too short (minimum is {_MINIMUM_LENGTH} characters)"
    wrong = {
        "password": [too_short] if len(password) < _MINIMUM_LENGTH else [],
        "password_confirmation": ["Passwords don't match"] if password != confirmation else [],
    }
    raise_any(wrong)


@transaction.atomic
def change_password(user: User, new: NewPassword) -> bool:
    """Give `user`, who proved the old password, a new one, and say so by email; False when the code is wrong.

    Raises ValidationError. Ending the log-ins, and the API keys, is for the caller, who has the request.
    """
    if user.totp_secret and not use_code(user, new.code, new.place):
        return False
    check_new_password(new.password, new.confirmation)
    user.set_password(new.password)
    user.save(update_fields=["password", "updated_at"])
    tell_of_password(user)
    return True


def user_of_reset_link(token: str) -> User:
    """Whose password it resets. Raises ResetLinkVoid."""
    user_id = tokens.password_reset_user_id(token)
    user = User.objects.filter(pk=user_id).first() if user_id else None
    if user is None or not tokens.resets_password(user, token):
        raise ResetLinkVoid
    return user


@transaction.atomic
def reset_password(token: str, new: NewPassword) -> User | None:
    """Give whose link it is a new password; None when the code is wrong.

    Raises ResetLinkVoid, also when it is used a second time at this very moment, and ValidationError.
    """
    user = user_of_reset_link(token)
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    user = user_of_reset_link(token)
    if user.is_deleted:
        raise ValidationError("You can't reset the password of a deleted account")
    return user if change_password(user, new) else None
