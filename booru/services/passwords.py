"""New passwords: the rules, a change, and a reset by a mailed link (behaviour I.1, I.5)."""

from __future__ import annotations

from django.core.exceptions import ValidationError

_MINIMUM_LENGTH = 5  # characters


def check_new_password(password: str, confirmation: str) -> None:
    """Raises ValidationError."""
    too_short = f"is too short (minimum is {_MINIMUM_LENGTH} characters)"
    wrong = {
        "password": [too_short] if len(password) < _MINIMUM_LENGTH else [],
        "password_confirmation": ["Passwords don't match"] if password != confirmation else [],
    }
    if errors := {name: messages for name, messages in wrong.items() if messages}:
        raise ValidationError(errors)
