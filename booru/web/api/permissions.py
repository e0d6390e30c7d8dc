"""The names of all that a request can do, such as "posts:index"; an API key may be limited to some.

Each address has one function for each method (booru.web.http.actions), and each function one name: Danbooru's
where it has the page, in words of its controllers; otherwise the module's and the function's.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from django.urls import URLPattern, URLResolver, get_resolver

from booru.web.http.actions import action_for, actions_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.http import HttpRequest

    from booru.models import ApiKey
    from booru.web.http.actions import Action

# Whose views have names, and what those of the modules' names begin with.
_VIEWS = {"booru.web.": "", "jobs.engine.": "jobs."}
# By function: the name that Danbooru's programs know, where module and function make another one. Keys that
# were made before say the left one, and go on working: a line here never goes.
_DANBOORU = {
    "admin_users:update": "admin/users:update",
    "bulk_update_requests:reject": "bulk_update_requests:destroy",
    "emails:show_of_user": "emails:show",
    "forum_posts:hide": "forum_posts:destroy",
    "forum_posts:unhide": "forum_posts:undelete",
    "forum_topics:hide": "forum_topics:destroy",
    "forum_topics:unhide": "forum_topics:undelete",
    "jobs.batches:index": "job_batches:index",
    "jobs.batches:show": "job_batches:show",
    "jobs.job:arguments": "jobs:arguments",
    "jobs.job:cancel": "jobs:cancel",
    "jobs.job:destroy": "jobs:destroy",
    "jobs.job:retry": "jobs:retry",
    "jobs.job:run": "jobs:run",
    "jobs.job:show": "jobs:show",
    "jobs.job_list:index": "jobs:index",
    "jobs.processes:index": "job_processes:index",
    "jobs.queues:index": "job_queues:index",
    "jobs.queues:pause": "job_queues:pause",
    "jobs.queues:resume": "job_queues:resume",
    "jobs.schedule:disable": "job_schedule:disable",
    "jobs.schedule:enable": "job_schedule:enable",
    "jobs.schedule:index": "job_schedule:index",
    "jobs.schedule:run": "job_schedule:run",
    "profiles:show": "users:show",
    "record_versions:artists": "artist_versions:index",
    "record_versions:pools": "pool_versions:index",
    "record_versions:wiki_pages": "wiki_page_versions:index",
    "settings:show": "users:settings",
    "settings:update": "users:update",
    "user_deletions:destroy": "users:destroy",
    "user_deletions:edit_own": "users:deactivate",
}
# Not offered: what only a person with a password can do, and the pages that hold forms.
_FOR_PEOPLE = {
    *("api_keys", "backup_codes", "dmca", "login_sessions", "mail_previews", "password_confirmations"),
    *("password_resets", "passwords", "sessions", "signups", "site_pages", "totp", "unsubscribe"),
}
_FORMS = {"new", "edit"}
# Names that were given out once and may be saved in keys, with those that say the same now. None of these may
# mean more than its old name did.
_EARLIER = {old: (name,) for old, name in _DANBOORU.items()} | {
    f"tag_relationships:{action}": (f"tag_aliases:{action}", f"tag_implications:{action}")
    for action in ("index", "show", "destroy")
}


def permission_for(request: HttpRequest, view: Action) -> str | None:
    """What the request does; None when that has no name, as with redirects."""
    action = action_for(request, view)
    return _name_of(action) if action else None


def permits(api_key: ApiKey, name: str | None) -> bool:
    """May a request with this key do what goes by this name?"""
    earlier = (old for old, meant in _EARLIER.items() if name in meant)
    return any(api_key.permits(one) for one in (name, *earlier))


def current_names(permissions: Iterable[str]) -> list[str]:
    """The same permissions by the names of today; those that nothing goes by any more stay as they are."""
    return sorted({name for saved in permissions for name in _EARLIER.get(saved, (saved,))})


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
    for package, prefix in _VIEWS.items():
        if module.startswith(package):
            # Pages of several kinds of records may come from one module.
            subject = getattr(action, "subject", module.rpartition(".")[2])
            name = f"{prefix}{subject}:{action.__name__}"
            return _DANBOORU.get(name, name)
    return None
