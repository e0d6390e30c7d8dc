"""Who may put something on a user's record."""

from __future__ import annotations

from booru.models import Level, UserFeedback
from booru.web.http.policies import Policy


class UserFeedbackPolicy(Policy[UserFeedback]):
    """Gold users and up give it; who gave it changes it, until it is deleted, and so do moderators.

    Nobody changes what was said about themselves.
    """

    @property
    def can_show(self) -> bool:
        return self.record is not None and (self._is_moderator or not self.record.is_deleted)

    @property
    def can_create(self) -> bool:
        return self.in_good_standing and self.level >= Level.GOLD

    @property
    def can_update(self) -> bool:
        if self.record is None or not self.can_create or self._is_me(self.record.user_id):
            return False
        is_own = self._is_me(self.record.creator_id) and not self.record.is_deleted
        return is_own or self._is_moderator

    @property
    def _is_moderator(self) -> bool:
        return self.level >= Level.MODERATOR
