"""Search and order of bulk update requests (behaviour A.12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from booru.models import BulkUpdateRequest
from booru.web import search

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet

_ORDERS = {
    "id_asc": ("pk",),
    "updated_at_desc": ("-updated_at", "-pk"),
    "updated_at_asc": ("updated_at", "pk"),
}
_DEFAULT_ORDER = ("-pk",)
_NUMBERS = ("id", "user_id", "approver_id", "forum_topic_id", "forum_post_id")


def search_bulk_update_requests(params: dict[str, str]) -> QuerySet[BulkUpdateRequest]:
    """Those that fit every parameter; parameters that mean nothing here are left aside."""
    found = BulkUpdateRequest.objects.select_related("user", "approver", "forum_topic", "forum_post")
    for name, text in params.items():
        if condition := _CONDITIONS.get(name):
            found = found.filter(condition(text))
    return found.order_by(*_ORDERS.get(params.get("order", ""), _DEFAULT_ORDER))


def _status(text: str) -> Q:
    return Q(status__in=[status.strip().lower() for status in text.split(",")])


_CONDITIONS: dict[str, Callable[[str], Q]] = {
    **{name: lambda text, name=name: search.number(name, text) for name in _NUMBERS},  # type: ignore[misc]
    "user_name": lambda text: search.user_name("user", text),
    "approver_name": lambda text: search.user_name("approver", text),
    "has_approver": lambda text: search.presence("approver", text),
    "has_forum_topic": lambda text: search.presence("forum_topic", text),
    "has_forum_post": lambda text: search.presence("forum_post", text),
    "script": lambda text: Q(script=text),
    "script_matches": lambda text: search.text_matches("script", text),
    "tags_include_any": lambda text: Q(tags__overlap=text.lower().split()),
    "tags_include_all": lambda text: Q(tags__contains=text.lower().split()),
    "status": _status,
}
