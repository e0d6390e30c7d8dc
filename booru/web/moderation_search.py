"""Search of bans, user feedback and name changes (behaviour I.8, I.9)."""

from __future__ import annotations

from booru.models import User, UserNameChangeRequest
from booru.web.lists.search import Search
from booru.web.lists.search_fields import (
    dates,
    numbers,
    related,
    strings,
    users,
)
from booru.web.lists.user_search import USER_SEARCH

NAME_CHANGE_SEARCH = Search[UserNameChangeRequest](
    numbers("id"),
    dates("created_at", "updated_at"),
    strings("original_name", "desired_name"),
    users("user"),
    related={"user": related("user", USER_SEARCH, User.objects.all())},
)
