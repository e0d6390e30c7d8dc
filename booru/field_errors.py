"""All that is wrong with a record or a form, in one ValidationError."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

if TYPE_CHECKING:
    from collections.abc import Mapping


def raise_any(errors: Mapping[str, list[str]]) -> None:
    """Raise ValidationError with the fields that have messages, when there are such."""
    if wrong := {name: messages for name, messages in errors.items() if messages}:
        raise ValidationError(wrong)
