"""Who may see and change users."""

from __future__ import annotations

from booru.models import User
from booru.web.http.policies import Policy


class UserPolicy(Policy[User]):
    @property
    def can_create(self) -> bool:
        """Sign up: only who is not logged in (behaviour I.3)."""
        return not self.is_logged_in

    @property
    def can_update(self) -> bool:
        return self.record is not None and self._is_me(self.record.pk)
