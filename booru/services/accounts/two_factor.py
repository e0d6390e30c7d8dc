"""A user's second factor: switched on and off, its codes used, replaced and sent (behaviour I.5, I.6)."""

from __future__ import annotations

from typing import Literal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from booru.models import ModAction, RateLimit, User
from booru.models.sealed import UnreadableList, UnreadableText
from booru.rules import one_time_codes
from booru.services.accounts.security_notices import (
    tell_of_backup_codes,
    tell_of_no_second_factor,
    tell_of_second_factor,
    tell_of_used_backup_code,
)
from mailers.user_mailer import UserMailer

Kind = Literal["totp", "backup_code"]

# For each account: a code of six digits must not be found by trying. All places that the account was never
# logged in from share them, so that a stranger with the password does not keep the owner out.
_WRONG_CODES = {"rate": 1 / 300, "burst": 10}


class TooManyCodes(Exception):
    """Too many wrong codes were tried for this account lately; the next is looked at after `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@transaction.atomic
def use_code(user: User, code: str, place: str = "") -> Kind | None:
    """Use up a code that `user` typed: says what kind it was, None when it is wrong.

    `place` names where the account is known and this try comes from, "" for anywhere else.

    A code of the app works once; a used backup code is replaced by a new one. Raises TooManyCodes when even a
    right code is not looked at. A caller whose transaction is rolled back has used nothing; so a wrong code
    must not roll it back, or the try does not count.
    """
    account = _locked(user.pk)
    if not account.totp_secret:
        return None
    _count_try(account, place)
    kind = _use_app_code(account, code) or _use_backup_code(account, code)
    if kind:
        _count_try(account, place, cost=-1)
        user.last_totp_step, user.backup_codes = account.last_totp_step, account.backup_codes
    return kind


def _use_app_code(account: User, code: str) -> Kind | None:
    step = one_time_codes.step_of(account.totp_secret, code, after=account.last_totp_step)
    if step is None:
        return None
    _save(account, last_totp_step=step)
    return "totp"


def _use_backup_code(account: User, code: str) -> Kind | None:
    used, codes = one_time_codes.backup_code(code), account.backup_codes
    if used is None or used not in codes:
        return None
    fresh = one_time_codes.another_backup_code(codes)
    _save(account, backup_codes=[fresh if known == used else known for known in codes])
    tell_of_used_backup_code(account)
    return "backup_code"


@transaction.atomic
def enable(user: User, secret: str, code: str) -> bool | None:
    """Let the app that shows codes of `secret` be the second factor, when `code` is one of them.

    Says whether that is new (with new backup codes) or took the place of another app; None when the code is
    wrong.
    """
    step = one_time_codes.step_of(secret, code)
    if step is None:
        return None
    account = _locked(user.pk)
    is_new = not account.totp_secret
    codes = one_time_codes.new_backup_codes() if is_new else account.backup_codes
    _save(user, totp_secret=secret, last_totp_step=step, backup_codes=codes)
    tell_of_second_factor(user, is_new=is_new)
    return is_new


@transaction.atomic
def disable(user: User) -> bool:
    """Ask for no second factor any more; says whether there was one."""
    had_one = User.objects.filter(pk=user.pk).exclude(totp_secret="")
    user.totp_secret, user.backup_codes = "", []
    if not had_one.update(totp_secret="", backup_codes=[]):
        return False
    tell_of_no_second_factor(user)
    return True


@transaction.atomic
def replace_backup_codes(user: User) -> bool:
    """New codes in place of all the old ones; says whether the user has a second factor at all."""
    with_one = User.objects.filter(pk=user.pk).exclude(totp_secret="")
    codes = one_time_codes.new_backup_codes()
    if not with_one.update(backup_codes=codes):
        return False
    user.backup_codes = codes
    tell_of_backup_codes(user)
    return True


@transaction.atomic
def send_backup_code(user: User, admin: User) -> None:
    """Mail a code to a user who cannot log in any more (behaviour G.4). Raises ValidationError."""
    if not user.backup_codes:
        raise ValidationError("doesn't have backup codes")
    if not user.can_receive_email(require_verified=False):
        raise ValidationError("doesn't have an email address")
    UserMailer().send_backup_code(user).deliver_later()
    category = ModAction.Category.BACKUP_CODE_SEND
    ModAction.objects.log(admin, category, f"sent backup code to user #{user.pk}", user)


def seal_again() -> tuple[int, list[User]]:
    """Seal every user's secrets with the SECRET_KEY of today; returns how many, and whose no key opens."""
    done, unreadable = 0, []
    for user_id in User.objects.exclude(totp_secret="", backup_codes=[]).values_list("pk", flat=True):
        with transaction.atomic():
            user = _locked(user_id)
            _save(user, totp_secret=user.totp_secret, backup_codes=user.backup_codes)
        if isinstance(user.totp_secret, UnreadableText) or isinstance(user.backup_codes, UnreadableList):
            unreadable.append(user)
        else:
            done += 1
    return done, unreadable


def _locked(user_id: int) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=user_id)


def _save(user: User, **fields: object) -> None:
    """These fields alone, in the database and in the caller's object."""
    User.objects.filter(pk=user.pk).update(**fields)
    for name, value in fields.items():
        setattr(user, name, value)


def _count_try(user: User, place: str, cost: int = 1) -> None:
    if not settings.DANBOORU_RATE_LIMITS:
        return
    key = f"users/{user.pk}/{place}" if place else f"users/{user.pk}"
    verdict = RateLimit.objects.take("two_factor:wrong", [key], **_WRONG_CODES, cost=cost)
    if verdict.is_limited and cost > 0:
        # This try is rolled back: what it took is in the bucket again.
        raise TooManyCodes(-verdict.points / _WRONG_CODES["rate"])
