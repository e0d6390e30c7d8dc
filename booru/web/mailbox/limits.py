"""How often one writes dmails (behaviour E.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.models import Dmail, Level
from booru.web.limits.rate_limits import Limit, has_old

if TYPE_CHECKING:
    from booru.models import User


def dmail_limit(user: User | None) -> Limit:
    if user and user.level >= Level.BUILDER:
        return Limit("dmails:create", 4 / 60, 60)
    is_known = user and has_old(Dmail, 24, owner=user, from_user=user)
    return Limit("dmails:create", 1 / 60 if is_known else 1 / 120, 5)
