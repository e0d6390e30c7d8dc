"""Search of dmails (behaviour E.6)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from booru.models import Dmail, User
from booru.search.conditions import text_matches, user_name
from booru.web.lists.search import Search
from booru.web.lists.search_fields import booleans, dates, numbers, related, renamed, texts
from booru.web.lists.user_search import USER_SEARCH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import Q, QuerySet


def search_dmails(dmails: QuerySet[Dmail], params: Mapping[str, str]) -> QuerySet[Dmail]:
    """Those in the folder that fit every parameter; the folder may be named among them."""
    folder = Dmail.objects.all().folder(params.get("folder", ""))
    return _SEARCH.find(dmails & folder, params)


def _message_matches(text: str) -> Q:
    return text_matches("title", text) | text_matches("body", text)


_SEARCH = Search[Dmail](
    numbers("id"),
    dates("created_at", "updated_at"),
    texts("title", "body"),
    booleans("is_read", "is_deleted"),
    renamed(numbers("to_user_id", "from_user_id"), to_user="to", from_user="from"),
    {
        "to_name": partial(user_name, "to_user"),
        "from_name": partial(user_name, "from_user"),
        "message_matches": _message_matches,
    },
    related={
        "to": related("to_user", USER_SEARCH, User.objects.all()),
        "from": related("from_user", USER_SEARCH, User.objects.all()),
    },
)
