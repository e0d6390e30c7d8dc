"""Who may have API keys, and see and change them."""

from __future__ import annotations

from booru.models import ApiKey
from booru.web.policies.base import Policy


class ApiKeyPolicy(Policy[ApiKey]):
    """One's own alone."""

    @property
    def can_index(self) -> bool:
        return self.is_logged_in

    @property
    def can_create(self) -> bool:
        return self.is_logged_in

    @property
    def can_update(self) -> bool:
        return self.record is not None and self._is_me(self.record.user_id)
