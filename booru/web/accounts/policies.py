"""Who may delete, rename and promote users, and see and change their email addresses."""

from __future__ import annotations

from booru.models import Level, User, UserNameChangeRequest
from booru.services.accounts.name_changes import has_invalid_name
from booru.web.http.policies import Policy


class UserDeletionPolicy(Policy[User]):
    """One deletes oneself, the Owner others (behaviour I.2). The deletion says what else is against it."""

    @property
    def can_destroy(self) -> bool:
        """One's own account; the site's owner, others' too."""
        return self.record is not None and (self._is_me(self.record.pk) or self.level == Level.OWNER)


class PromotionPolicy(Policy[User]):
    """Moderators promote users below them (behaviour I.10). The promotion says to which level."""

    @property
    def can_edit(self) -> bool:
        """Open the page on which moderators manage a user below them."""
        if self.record is None or not self.in_good_standing:
            return False
        return self.level >= Level.MODERATOR and self.record.level < self.level


class UserNameChangeRequestPolicy(Policy[UserNameChangeRequest]):
    """Users change their own names, moderators those of others (behaviour I.9)."""

    @property
    def can_index(self) -> bool:
        return self.is_logged_in

    @property
    def can_show(self) -> bool:
        if self.record is None or not self.is_logged_in:
            return False
        return self.level >= Level.MODERATOR or not self.record.user.is_deleted

    @property
    def can_create(self) -> bool:
        """Change the name of the record's user."""
        if self.record is None or self.user is None or self.record.user.is_deleted:
            return False
        if self._is_me(self.record.user_id):
            return self.in_good_standing or has_invalid_name(self.user)
        is_moderator = self.in_good_standing and self.level >= Level.MODERATOR
        return is_moderator and self.record.user.level < Level.MODERATOR


class EmailAddressPolicy(Policy[User]):
    """Who sees and changes an address (behaviour F.8). The record is its user: there may be none yet."""

    @property
    def can_index(self) -> bool:
        return self.level >= Level.MODERATOR

    @property
    def can_show(self) -> bool:
        """One's own; moderators, those of users below them."""
        return self._is_own or (self.level >= Level.MODERATOR and self._is_above_the_user)

    @property
    def can_update(self) -> bool:
        """One's own unless banned; admins, those of users below them who are no moderators."""
        if self.record is None or self.user is None or self.user.is_banned:
            return False
        is_ordinary = self.record.level < Level.MODERATOR
        return self._is_own or (self.level >= Level.ADMIN and self._is_above_the_user and is_ordinary)

    @property
    def can_destroy(self) -> bool:
        return self._is_own

    @property
    def can_confirm(self) -> bool:
        """Have the confirmation email sent again."""
        return self._is_own

    @property
    def can_forget_bounce(self) -> bool:
        """Have mail sent again to an address that was found to be dead: moderators, to users below them."""
        return self.level >= Level.MODERATOR and self._is_above_the_user

    @property
    def _is_own(self) -> bool:
        return self.record is not None and self._is_me(self.record.pk)

    @property
    def _is_above_the_user(self) -> bool:
        return self.record is not None and self.level > self.record.level
