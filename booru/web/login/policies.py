"""Who may sign up, and see where an account was used."""

from __future__ import annotations

from booru.models import LoginSession, User, UserEvent
from booru.web.http.policies import Policy


class UserEventPolicy(Policy[UserEvent]):
    """Moderators see everybody's, others their own; see UserEvent.objects.visible_to (behaviour I.6)."""

    @property
    def can_index(self) -> bool:
        return self.is_logged_in


class LoginSessionPolicy(Policy[LoginSession]):
    """One's own alone."""

    @property
    def can_index(self) -> bool:
        return self.is_logged_in

    @property
    def can_destroy(self) -> bool:
        return self.record is not None and self._is_me(self.record.user_id)


class UserPolicy(Policy[User]):
    @property
    def can_create(self) -> bool:
        """Sign up: only who is not logged in (behaviour I.3)."""
        return not self.is_logged_in

    @property
    def can_update(self) -> bool:
        return self.record is not None and self._is_me(self.record.pk)
