"""Search of users."""

from __future__ import annotations

from django.db.models import Q

from booru.models import User
from booru.web.lists.search import Search
from booru.web.lists.search_fields import booleans, dates, numbers, strings


def _name_matches(text: str) -> Q:
    return Q(name__matches="_".join(text.split()))


USER_SEARCH = Search[User](
    numbers("id", "level", "post_update_count"),
    dates("created_at", "updated_at"),
    strings("name"),
    booleans("is_banned", "is_deleted"),
    {"name_matches": _name_matches},
    orders={"name": ("name",), "post_update_count": ("-post_update_count", "-pk")},
)
