"""How often one reports something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.web.limits.rate_limits import Limit

if TYPE_CHECKING:
    from booru.models import User


def moderation_report_limit(_user: User | None) -> Limit:
    return Limit("moderation_reports:create", 1 / 60, 10)
