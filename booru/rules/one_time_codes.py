"""Codes that prove a second factor: those an app shows for half a minute, and backup codes."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterable
from hmac import compare_digest

import pyotp

_STEP = 30  # seconds
_BACKUP_CODE_COUNT = 10
_BACKUP_CODES = range(10**8)
_APP_CODE = re.compile("[0-9]{6}")
_BACKUP_CODE = re.compile("[0-9]{8}")
_SECRET = re.compile("[A-Z2-7]+=*")
_SEPARATORS = re.compile(r"[\s-]")


def new_secret() -> str:
    """What the user's app and the site share, in base32."""
    return pyotp.random_base32()


def app_link(secret: str, *, account: str, site: str) -> str:
    """The `otpauth:` address that an app reads out of a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=site)


def step_of(secret: str, code: str, *, after: int = 0) -> int | None:
    """Which half minute the code is of, None for a wrong code.

    It may be the present one, or one beside it, because clocks differ; `after` is the last one that was used.
    """
    typed = _SEPARATORS.sub("", code)
    if not _SECRET.fullmatch(secret) or not _APP_CODE.fullmatch(typed):
        return None
    now, app = int(time.time()) // _STEP, pyotp.TOTP(secret, interval=_STEP)
    right = [step for step in (now - 1, now, now + 1) if compare_digest(app.generate_otp(step), typed)]
    return next((step for step in right if step > after), None)


def backup_code(code: str) -> int | None:
    """The backup code that somebody typed, None for what cannot be one."""
    typed = _SEPARATORS.sub("", code)
    return int(typed) if _BACKUP_CODE.fullmatch(typed) else None


def shown_backup_code(code: int) -> str:
    """As it is read and typed: always eight digits."""
    return f"{code:08d}"


def new_backup_codes() -> list[int]:
    """A whole set, all different."""
    return secrets.SystemRandom().sample(_BACKUP_CODES, _BACKUP_CODE_COUNT)


def another_backup_code(codes: Iterable[int]) -> int:
    """One that is not among `codes`."""
    taken = set(codes)
    while (code := secrets.choice(_BACKUP_CODES)) in taken:
        continue
    return code
