"""What is wrong with a search that can be read."""

from __future__ import annotations

from django.core.exceptions import ValidationError


class SearchError(ValidationError):
    """Its terms cannot be used like that; the message is for whoever searches."""

    def __str__(self) -> str:
        return "; ".join(self.messages)
