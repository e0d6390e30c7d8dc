"""Dmails as programs get them (behaviour N)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from booru.web.lists.records import columns

if TYPE_CHECKING:
    from booru.models import Dmail

_DMAIL_COLUMNS = ("title", "body", "is_read", "is_deleted", "created_at", "updated_at", "key")


def dmail_record(dmail: Dmail) -> dict[str, Any]:
    return {
        "id": dmail.pk,
        "owner_id": dmail.owner_id,
        "from_id": dmail.from_user_id,
        "to_id": dmail.to_user_id,
        **columns(dmail, _DMAIL_COLUMNS),
    }
