"""Columns whose values are encrypted in the database, and plain in Python."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from django.db import models

from booru.sealing import CannotUnseal, seal, unseal

logger = logging.getLogger("booru.sealed")


if TYPE_CHECKING:
    _TextField = models.TextField[Any, Any]
else:
    _TextField = models.TextField


class UnreadableText(str):
    """What no key opens, as the database has it: nobody types the like, and it is saved as it is."""

    __slots__ = ()


class UnreadableList(list[Any]):
    """The same where a list is expected: empty for whoever reads it."""

    def __init__(self, sealed: str) -> None:
        super().__init__()
        self.sealed = sealed


class _SealedField(_TextField):
    """What is empty is "" in the database, so that it can be looked for. Nothing else can."""

    def from_db_value(self, value: str | None, _expression: object, _connection: object) -> Any:
        if not value:
            return self.get_default()
        try:
            return json.loads(unseal(value))
        except CannotUnseal:
            logger.warning("%s cannot be read: add the old key to SECRET_KEY_FALLBACKS", self)
            return self._unreadable(value)

    def to_python(self, value: Any) -> Any:
        return value

    def get_prep_value(self, value: Any) -> str:
        if isinstance(value, UnreadableText):
            return str(value)
        if isinstance(value, UnreadableList) and not value:
            return value.sealed
        return seal(json.dumps(value)) if value else ""

    def _unreadable(self, sealed: str) -> Any:
        raise NotImplementedError


class SealedTextField(_SealedField):
    """A text."""

    def _unreadable(self, sealed: str) -> UnreadableText:
        return UnreadableText(sealed)


class SealedListField(_SealedField):
    """A list of what JSON can hold."""

    def _unreadable(self, sealed: str) -> UnreadableList:
        return UnreadableList(sealed)
