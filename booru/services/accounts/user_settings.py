"""Saves what users set to their liking (behaviour I.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import NON_FIELD_ERRORS

from booru.models import User
from booru.models.accounts.user import Theme
from booru.rules.blacklists import blacklist_errors
from booru.rules.field_errors import raise_any
from booru.rules.tag_lists import favorite_tags_errors, trimmed_lines
from booru.rules.time_zones import time_zone_names

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_PER_PAGE = 1000
_NOT_OFFERED = ["is not included in the list"]


def change_settings(user: User, **wanted: Any) -> None:
    """Save these settings, which are named as their columns are.

    Raises ValidationError, and changes nothing then.
    """
    for name in {"blacklisted_tags", "favorite_tags"} & wanted.keys():
        wanted[name] = trimmed_lines(wanted[name])
    raise_any(_errors(user, wanted))
    for name, value in wanted.items():
        setattr(user, name, value)
    user.save(update_fields=[*wanted, "updated_at"])


def _errors(user: User, wanted: dict[str, Any]) -> dict[str, list[str]]:
    rules: dict[str, Callable[[Any], list[str]]] = {
        "blacklisted_tags": blacklist_errors,
        "favorite_tags": favorite_tags_errors,
        "per_page": _per_page_errors,
        "time_zone": lambda name: [] if name in time_zone_names() else _NOT_OFFERED,
        "theme": lambda theme: [] if theme in Theme.values else _NOT_OFFERED,
    }
    errors = {name: rule(wanted[name]) for name, rule in rules.items() if name in wanted}
    return {**errors, NON_FIELD_ERRORS: _privacy_errors(user, wanted.get("enable_private_favorites"))}


def _per_page_errors(number: int | None) -> list[str]:
    if number is None:
        return ["is not a number"]
    return [] if 1 <= number <= _MOST_PER_PAGE else _NOT_OFFERED


def _privacy_errors(user: User, wanted: bool | None) -> list[str]:
    """Who had it before may keep it."""
    is_new = bool(wanted) and not user.enable_private_favorites
    return ["Can't enable privacy mode without a Gold account"] if is_new and not user.is_gold else []
