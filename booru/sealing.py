"""Text that the database keeps without telling it: encrypted with a key made from SECRET_KEY.

Whoever reads a copy of the database alone learns nothing. After a change of SECRET_KEY, what was sealed with
the old one is read as long as SECRET_KEY_FALLBACKS has it.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_PURPOSE = b"booru.sealing"


class CannotUnseal(Exception):
    """Sealed with a key that is neither SECRET_KEY nor among SECRET_KEY_FALLBACKS, or altered."""


def seal(text: str) -> str:
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Raises CannotUnseal."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise CannotUnseal from error


def _box() -> MultiFernet:
    return _box_of(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@lru_cache(maxsize=4)
def _box_of(*secrets: str) -> MultiFernet:
    """The first secret seals; all of them open."""
    return MultiFernet([Fernet(_key(secret)) for secret in secrets])


def _key(secret: str) -> bytes:
    derived = HKDF(SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret.encode())
    return urlsafe_b64encode(derived)
