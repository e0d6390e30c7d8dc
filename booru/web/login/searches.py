"""Search of user events and login sessions (behaviour I.6)."""

from __future__ import annotations

from ipaddress import ip_network

from django.db.models import Q

from booru.models import LoginSession, User, UserEvent
from booru.models.accounts.user_event import AUTHORIZED
from booru.rules.truth_values import truth_value
from booru.search.conditions import NOTHING
from booru.web.lists.search import Search
from booru.web.lists.search_fields import (
    belongs_to,
    dates,
    enumeration,
    numbers,
    related,
    strings,
    texts,
    users,
)
from booru.web.lists.user_search import USER_SEARCH


def _ip_addr(text: str) -> Q:
    """Addresses and networks, with commas: `192.0.2.1,2001:db8::/64`."""
    found = Q()
    for part in text.split(","):
        try:
            network = ip_network(part.strip(), strict=False)
        except ValueError:
            return NOTHING
        found |= Q(ip_addr__gte=str(network[0]), ip_addr__lte=str(network[-1]))
    return found


def _is_authorized(text: str) -> Q:
    value = truth_value(text)
    condition = Q(category__in=AUTHORIZED)
    return NOTHING if value is None else condition if value else ~condition


USER_EVENT_SEARCH = Search[UserEvent](
    numbers("id"),
    dates("created_at", "updated_at"),
    enumeration("category", UserEvent.Category),
    users("user"),
    belongs_to("login_session"),
    strings("session_id"),
    texts("user_agent"),
    {"ip_addr": _ip_addr, "is_authorized": _is_authorized},
    related={"user": related("user", USER_SEARCH, User.objects.all())},
)
LOGIN_SESSION_SEARCH = Search[LoginSession](
    numbers("id"),
    dates("created_at", "updated_at", "last_seen_at"),
    enumeration("status", LoginSession.Status),
    strings("session_id"),
    # Those that still are come first.
    default_order=("status", "-last_seen_at", "-pk"),
)
