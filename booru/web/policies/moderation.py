"""Who may see what moderators did."""

from __future__ import annotations

from booru.models import Level, ModAction
from booru.models.mod_action import HIDDEN
from booru.web.policies.base import Policy


class ModActionPolicy(Policy[ModAction]):
    """Behaviour I.7."""

    @property
    def can_show(self) -> bool:
        if self.record is None:
            return False
        return self.level >= Level.MODERATOR or self.record.category not in HIDDEN
