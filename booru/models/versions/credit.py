"""Whom a change is credited to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from booru.models.accounts.user import User
    from booru.models.bulk_update_requests.bulk_update_request import BulkUpdateRequest


@dataclass(frozen=True, slots=True)
class Credit:
    """Who changes something, and for which bulk update request, so that it can be undone."""

    user: User
    bulk_update_request: BulkUpdateRequest | None = None
