"""Search of mod actions (behaviour I.7)."""

from __future__ import annotations

from booru.models import ModAction, User
from booru.web.lists.search import Search
from booru.web.lists.search_fields import dates, enumeration, numbers, related, strings, texts, users
from booru.web.lists.user_search import USER_SEARCH

MOD_ACTION_SEARCH = Search[ModAction](
    numbers("id", "subject_id"),
    dates("created_at", "updated_at"),
    texts("description"),
    strings("subject_type"),
    enumeration("category", ModAction.Category),
    users("creator"),
    related={"creator": related("creator", USER_SEARCH, User.objects.all())},
    orders={"created_at_desc": ("-created_at", "-pk"), "created_at_asc": ("created_at", "pk")},
)
