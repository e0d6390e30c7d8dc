"""The names of all that a request can do, such as "posts:index"; an API key may be limited to some."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from django.urls import URLPattern, URLResolver, get_resolver

from booru.web.actions import action_for, actions_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

    from booru.web.actions import Action

# Where views are, and what their permissions begin with.
_VIEWS = {"booru.web.views.": "", "jobs.engine.views.": "jobs."}
# Not offered: what only a person with a password can do, and the pages that hold forms.
_FOR_PEOPLE = {
    *("api_keys", "backup_codes", "dmca", "login_sessions", "mail_previews", "password_confirmations"),
    *("password_resets", "passwords", "sessions", "signups", "site_pages", "totp", "unsubscribe"),
}
_FORMS = {"new", "edit"}


def permission_for(request: HttpRequest, view: Action) -> str | None:
    """What the request does; None when that has no name, as with redirects."""
    action = action_for(request, view)
    return _name_of(action) if action else None


@cache
def all_permissions() -> tuple[str, ...]:
    """Every name that a key may be limited to, in order."""
    actions = (action for view in _views(get_resolver().url_patterns) for action in actions_of(view))
    return tuple(sorted({name for action in actions if (name := _name_of(action)) and _is_offered(name)}))


def _is_offered(name: str) -> bool:
    subject, _, action = name.partition(":")
    return subject not in _FOR_PEOPLE and action not in _FORMS


def _views(patterns: list[URLPattern | URLResolver]) -> Iterator[Action]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _views(pattern.url_patterns)
        else:
            yield pattern.callback


def _name_of(action: Action) -> str | None:
    module = action.__module__
    for folder, prefix in _VIEWS.items():
        if module.startswith(folder):
            return f"{prefix}{module.removeprefix(folder)}:{action.__name__}"
    return None
