"""JSON of a row that somebody else may have written: whatever it is, the row can be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models


class RowJSONField(models.JSONField):
    """JSONField, but what Python cannot decode comes as the text that it is.

    So with lists that are nested thousands deep, and with integers of more digits than Python reads.
    """

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        try:
            return super().from_db_value(value, expression, connection)
        except (RecursionError, ValueError):
            return value

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """To the database it is a JSONField."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs
