"""Signed tokens in links: each for one purpose, some for a limited time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from django.conf import settings
from django.core.signing import BadSignature, Signer, TimestampSigner
from django.utils.crypto import constant_time_compare, salted_hmac

if TYPE_CHECKING:
    from booru.models import EmailAddress, User

Purpose = Literal["verify", "unsubscribe", "password_reset", "login_verification"]

# Those of the others never end (behaviour F.8, F.9, G.3).
LIFETIMES: dict[str, timedelta] = {
    "password_reset": timedelta(minutes=30),
    "login_verification": timedelta(minutes=15),
}


def sign(purpose: Purpose, value: object) -> str:
    """A token that shows that we said this value, for this purpose and no other."""
    return _signer(purpose).sign(str(value))


def unsign(purpose: Purpose, token: str, max_age: timedelta | None = None) -> str | None:
    """The value, or None for a token that is forged, for another purpose, or too old.

    The age may be at most `max_age`, or what is usual for the purpose.
    """
    signer = _signer(purpose)
    try:
        if isinstance(signer, TimestampSigner):
            return signer.unsign(token, max_age=max_age or LIFETIMES[purpose])
        if max_age is not None:
            raise TypeError(f"tokens to {purpose} have no age")
        return signer.unsign(token)
    except BadSignature:
        return None


def verify_token(email_address: EmailAddress) -> str:
    """The token that whoever reads mail at this address has.

    It holds the address too: after a change, the link sent to the old address must not verify the new one.
    """
    return sign("verify", _verify_value(email_address, settings.EMAIL_KEY))


def verifies(email_address: EmailAddress, token: str) -> bool:
    """Was the token sent to this address?"""
    said = unsign("verify", token) or ""
    return any(constant_time_compare(said, _verify_value(email_address, key)) for key in _keys())


def password_reset_token(user: User) -> str:
    """The token that lets its holder choose a new password: for half an hour, and once.

    It holds a digest of the password, and of the address that it is sent to: when either changes, it is void.
    """
    return sign("password_reset", _password_reset_value(user, settings.EMAIL_KEY))


def password_reset_user_id(token: str) -> int | None:
    """Whose password it was made for; None when it is forged or too old.

    Whether it was used already is for `resets_password` to say, which knows the user.
    """
    value = unsign("password_reset", token)
    return int(value.partition("-")[0]) if value else None


def resets_password(user: User, token: str) -> bool:
    """Was the token made for this user as they are now?"""
    said = unsign("password_reset", token) or ""
    return any(constant_time_compare(said, _password_reset_value(user, key)) for key in _keys())


def _verify_value(email_address: EmailAddress, key: str) -> str:
    return f"{email_address.pk}-{_digest('verify', email_address.address, key)}"


def _password_reset_value(user: User, key: str) -> str:
    address = str(getattr(user, "email_address", ""))
    return f"{user.pk}-{_digest('password_reset', f'{user.password} {address}', key)}"


def _digest(purpose: Purpose, value: str, key: str) -> str:
    return salted_hmac(f"mailers.tokens.{purpose}", value, secret=key).hexdigest()[:16]


def _keys() -> list[str]:
    """That of new tokens, and those of tokens from before a change of it, as Django's signers know them."""
    return [settings.EMAIL_KEY, *settings.SECRET_KEY_FALLBACKS]


def _signer(purpose: str) -> Signer:
    signer_class = TimestampSigner if purpose in LIFETIMES else Signer
    # A separator that stays as it is in a URL.
    return signer_class(key=settings.EMAIL_KEY, sep="~", salt=f"mailers.tokens.{purpose}")
