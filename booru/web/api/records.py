"""API keys as programs get them (behaviour N)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from booru.web.api.permissions import current_names
from booru.web.lists.records import columns

if TYPE_CHECKING:
    from booru.models import ApiKey

_API_KEY_COLUMNS = (
    *("id", "created_at", "updated_at", "user_id", "name", "permissions", "permitted_ip_addresses", "uses"),
    *("last_used_at", "last_ip_address"),
)


def api_key_record(api_key: ApiKey) -> dict[str, Any]:
    """Without the key, which nobody has but who made it; its permissions by the names of today."""
    return {**columns(api_key, _API_KEY_COLUMNS), "permissions": current_names(api_key.permissions)}
