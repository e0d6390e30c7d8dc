"""What every test has."""

import pytest


@pytest.fixture(autouse=True)
def fast_passwords(settings):
    """Argon2 takes its time on purpose; a test has none to give."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
