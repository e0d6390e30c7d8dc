"""What the search fields of the dmails page ask for (behaviour E.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from booru import search_conditions as search

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def search_condition(params: Mapping[str, str]) -> Q:
    """What a dmail must fulfil; parameters that mean nothing here are left aside."""
    condition = Q()
    for name, text in params.items():
        if name in _CONDITIONS:
            condition &= _CONDITIONS[name](text)
    return condition


def _message_matches(text: str) -> Q:
    return search.text_matches("title", text) | search.text_matches("body", text)


_CONDITIONS: dict[str, Callable[[str], Q]] = {
    "id": lambda text: search.number("id", text),
    "to_id": lambda text: search.number("to_user", text),
    "from_id": lambda text: search.number("from_user", text),
    "to_name": lambda text: search.user_name("to_user", text),
    "from_name": lambda text: search.user_name("from_user", text),
    "is_read": lambda text: search.truth("is_read", text),
    "is_deleted": lambda text: search.truth("is_deleted", text),
    "title": lambda text: Q(title=text),
    "title_matches": lambda text: search.text_matches("title", text),
    "body_matches": lambda text: search.text_matches("body", text),
    "message_matches": _message_matches,
}
