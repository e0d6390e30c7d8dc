"""Who may ban users."""

from __future__ import annotations

from booru.models import Ban, Level, User
from booru.web.http.policies import Policy


class BanPolicy(Policy[Ban]):
    """Behaviour I.8: moderators, over users of lower level."""

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
