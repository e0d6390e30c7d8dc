"""Search of bans, user feedback and name changes (behaviour I.8, I.9)."""

from __future__ import annotations

from django.db.models import Q

from booru.models import Ban, User, UserFeedback, UserNameChangeRequest
from booru.search_conditions import NOTHING
from booru.text import truth_value
from booru.web.lists.search import Search
from booru.web.lists.search_fields import (
    booleans,
    dates,
    enumeration,
    numbers,
    related,
    strings,
    texts,
    users,
)
from booru.web.lists.user_search import USER_SEARCH


def _is_expired(text: str) -> Q:
    expired = truth_value(text)
    if expired is None:
        return NOTHING
    active = Q(pk__in=Ban.objects.active().order_by().values("pk"))
    return ~active if expired else active


BAN_SEARCH = Search[Ban](
    numbers("id"),
    dates("created_at", "updated_at"),
    texts("reason"),
    users("user", "banner"),
    {"expired": _is_expired},
    related={name: related(name, USER_SEARCH, User.objects.all()) for name in ("user", "banner")},
)
USER_FEEDBACK_SEARCH = Search[UserFeedback](
    numbers("id"),
    dates("created_at", "updated_at"),
    texts("body"),
    enumeration("category", UserFeedback.Category),
    booleans("is_deleted"),
    users("user", "creator"),
    related={name: related(name, USER_SEARCH, User.objects.all()) for name in ("user", "creator")},
)
NAME_CHANGE_SEARCH = Search[UserNameChangeRequest](
    numbers("id"),
    dates("created_at", "updated_at"),
    strings("original_name", "desired_name"),
    users("user"),
    related={"user": related("user", USER_SEARCH, User.objects.all())},
)
