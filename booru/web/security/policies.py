"""Who may see and change a second factor, and help a user who lost it."""

from __future__ import annotations

from booru.models import Level, User
from booru.web.http.policies import Policy


class SecondFactorPolicy(Policy[User]):
    @property
    def can_update(self) -> bool:
        """One's own alone: not even admins see another's codes."""
        return self.record is not None and self._is_me(self.record.pk)

    @property
    def can_recover(self) -> bool:
        """Have a code mailed to a user below oneself (behaviour G.4)."""
        return self.record is not None and self.level >= Level.ADMIN and self.level > self.record.level
