"""Who may see what moderators did, and what they are asked to do."""

from __future__ import annotations

from booru.models import Level, ModAction, ModerationReport
from booru.models.mod_action import HIDDEN
from booru.web.http.policies import Policy


class ModActionPolicy(Policy[ModAction]):
    """Behaviour I.7."""

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
