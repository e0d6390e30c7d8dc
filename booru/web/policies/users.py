"""Who may see and change users."""

from __future__ import annotations

from booru.models import Level, User
from booru.web.policies.base import Policy


class UserPolicy(Policy[User]):
    @property
    def can_create(self) -> bool:
        """Sign up: only who is not logged in (behaviour I.3)."""
        return not self.is_logged_in

    @property
    def can_update(self) -> bool:
        return self.record is not None and self._is_me(self.record.pk)

    @property
    def can_see_email_address(self) -> bool:
        """One's own; moderators, those of users below them (behaviour F.8)."""
        if self.record is None:
            return False
        return self.can_update or (self.level >= Level.MODERATOR and self.level > self.record.level)
