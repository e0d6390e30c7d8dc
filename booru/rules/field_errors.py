"""All that is wrong with a record or a form, in one ValidationError."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

if TYPE_CHECKING:
    from collections.abc import Mapping


def raise_any(errors: Mapping[str, list[str]]) -> None:
    """Raise ValidationError with the fields that have messages, when there are such."""
    if wrong := {name: messages for name, messages in errors.items() if messages}:
        raise ValidationError(wrong)


def full_messages(error: ValidationError) -> list[str]:
    """Each message with the field that it is about before it: "To user must exist" (behaviour 0.2)."""
    if not hasattr(error, "error_dict"):
        return list(error.messages)
    return [
        message if name in {"base", NON_FIELD_ERRORS} else f"{name.replace('_', ' ').capitalize()} {message}"
        for name, messages in error.message_dict.items()
        for message in messages
    ]
