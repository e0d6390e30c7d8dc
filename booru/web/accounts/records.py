"""Email addresses and name changes as programs get them (behaviour N)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from booru.web.lists.records import RECORD, columns

if TYPE_CHECKING:
    from booru.models import EmailAddress, UserNameChangeRequest

_EMAIL_ADDRESS_COLUMNS = (
    *("id", "created_at", "updated_at", "user_id", "address", "normalized_address", "is_verified"),
    "is_deliverable",
)


def email_address_record(address: EmailAddress) -> dict[str, Any]:
    return columns(address, _EMAIL_ADDRESS_COLUMNS)


def user_name_change_request_record(change: UserNameChangeRequest) -> dict[str, Any]:
    return columns(change, (*RECORD, "user_id", "original_name", "desired_name"))
