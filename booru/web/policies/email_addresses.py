"""Who may see and change email addresses."""

from __future__ import annotations

from booru.models import Level, User
from booru.web.http.policies import Policy


class EmailAddressPolicy(Policy[User]):
    """Behaviour F.8. The record is the user whose address it is, because there may be none yet."""

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
