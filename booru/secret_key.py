"""The key that signs sessions and mailed links: SECRET_KEY, or one that is kept beside the embedded database.

Settings import this module; what goes wrong is told in one line.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from booru.embedded_postgres.address import PROJECT

FOLDER = PROJECT / ".postgres"
_BYTES = 48
_SHORTEST = 64  # letters of a whole key; a shorter file was cut off
# Everybody can read these: what versions before this one came with, and what stands in the docs.
_PUBLIC = frozenset(
    {
        "django-insecure-key-for-a-site-that-only-this-machine-can-reach",
        *("...", "…", "changeme", "change-me", "SECRET_KEY", "user:password"),
    }
)


def secret_key() -> str:
    """SECRET_KEY, or without it the kept one. Raises ImproperlyConfigured."""
    if key := secret_of("SECRET_KEY"):
        return key
    if os.environ.get("DATABASE_URL"):
        raise ImproperlyConfigured(
            "With DATABASE_URL, set SECRET_KEY to a long random text, the same for the site and its workers"
        )
    return kept_key(FOLDER)


def secret_of(name: str) -> str:
    """What the environment says, "" for nothing; raises ImproperlyConfigured for what is no secret."""
    text = os.environ.get(name, "").strip()
    if text in _PUBLIC:
        raise ImproperlyConfigured(f"{name} is {text!r}, which everybody knows: set it to a long random text")
    return text


def key_to_lend(*, is_temporary: bool) -> str:
    """For a command that is given a DATABASE_URL: the key that belongs to it; for a server of tests any."""
    if key := secret_of("SECRET_KEY"):
        return key
    return random_key() if is_temporary or os.environ.get("DATABASE_URL") else kept_key(FOLDER)


def random_key() -> str:
    return secrets.token_urlsafe(_BYTES)


def kept_key(folder: Path) -> str:
    """The key of this folder; whoever asks first makes it, and only this account can read it.

    Raises ImproperlyConfigured.
    """
    path = folder / "secret_key"
    try:
        if key := _read(path):
            return key
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _lock(folder):
            # Another process may have made it while this one waited.
            return _read(path) or _make(path)
    except OSError as error:
        raise ImproperlyConfigured(
            f"Cannot keep a secret key in {folder} ({error.strerror}): set SECRET_KEY to a long random text"
        ) from error


def _read(path: Path) -> str:
    """ "" when there is none, and when it was not written to its end or is not text."""
    try:
        with path.open("rb") as file:
            if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                os.fchmod(file.fileno(), 0o600)
            key = file.read().decode("ascii", errors="replace").strip()
    except FileNotFoundError:
        return ""
    return key if len(key) >= _SHORTEST and key.isprintable() and key.isascii() else ""


def _make(path: Path) -> str:
    """Written whole under another name first: a crash leaves a key or none."""
    key = random_key()
    descriptor, name = tempfile.mkstemp(prefix=".secret_key-", dir=path.parent)  # 0600
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(key + "\n")
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return key


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """One process at a time makes a key; the kernel ends the lock of one that dies."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
        # The name must outlive a crash of the machine, too.
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
