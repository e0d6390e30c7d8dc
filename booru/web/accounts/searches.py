"""Search of email addresses and name changes."""

from __future__ import annotations

from django.db.models import F, Func, Q, TextField, Value
from django.db.models.lookups import In

from booru.email_addresses.providers import WELL_KNOWN_PROVIDERS
from booru.models import EmailAddress, User, UserNameChangeRequest
from booru.rules.truth_values import truth_value
from booru.search.conditions import NOTHING
from booru.web.lists.search import Search
from booru.web.lists.search_fields import booleans, dates, numbers, related, strings, users
from booru.web.lists.user_search import USER_SEARCH


class _Domain(Func):
    function = "split_part"
    template = "%(function)s(%(expressions)s, '@', 2)"
    output_field = TextField()


def _is_restricted(text: str) -> Q:
    """Not with a well-known provider (behaviour F.6)."""
    value = truth_value(text)
    if value is None:
        return NOTHING
    well_known = Q(In(_Domain(F("normalized_address")), [Value(name) for name in WELL_KNOWN_PROVIDERS]))
    return ~well_known if value else well_known


EMAIL_ADDRESS_SEARCH = Search[EmailAddress](
    numbers("id"),
    dates("created_at", "updated_at"),
    users("user"),
    strings("address", "normalized_address"),
    booleans("is_verified", "is_deliverable"),
    {"is_restricted": _is_restricted},
    related={"user": related("user", USER_SEARCH, User.objects.all())},
)

NAME_CHANGE_SEARCH = Search[UserNameChangeRequest](
    numbers("id"),
    dates("created_at", "updated_at"),
    strings("original_name", "desired_name"),
    users("user"),
    related={"user": related("user", USER_SEARCH, User.objects.all())},
)
