"""Who may ban, judge and report, and see what moderators did."""

from __future__ import annotations

from booru.models import Ban, Level, ModAction, ModerationReport, User, UserFeedback
from booru.models.mod_action import HIDDEN
from booru.web.http.policies import Policy


class ModActionPolicy(Policy[ModAction]):
    """Some kinds are for moderators' eyes only (behaviour I.7)."""

    @property
    def can_show(self) -> bool:
        if self.record is None:
            return False
        return self.level >= Level.MODERATOR or self.record.category not in HIDDEN


class ModerationReportPolicy(Policy[ModerationReport]):
    """Whether something may be reported is a question to the policy of that thing (behaviour E.6)."""

    @property
    def can_index(self) -> bool:
        return self._moderates

    @property
    def can_show(self) -> bool:
        return self._moderates

    @property
    def can_update(self) -> bool:
        """Handle or reject it."""
        return self.record is not None and self._moderates

    @property
    def can_create(self) -> bool:
        return self.in_good_standing

    @property
    def _moderates(self) -> bool:
        return self.in_good_standing and self.level >= Level.MODERATOR


class BanPolicy(Policy[Ban]):
    """Moderators ban users of lower level (behaviour I.8)."""

    @property
    def can_create(self) -> bool:
        return self.in_good_standing and self.level >= Level.MODERATOR

    @property
    def can_update(self) -> bool:
        return self.record is not None and self.can_ban(self.record.user)

    @property
    def can_destroy(self) -> bool:
        return self.can_update

    @property
    def can_delete_votes(self) -> bool:
        return self.level >= Level.ADMIN

    def can_ban(self, user: User) -> bool:
        return self.can_create and user.level < self.level


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
