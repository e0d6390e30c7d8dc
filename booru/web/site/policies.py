"""Who may see what was sent to whom."""

from __future__ import annotations

from booru.models import Level
from booru.web.http.policies import Policy


class SentMailPolicy(Policy[object]):
    """Admins alone: it tells addresses, and who was sent what."""

    @property
    def can_index(self) -> bool:
        return self.level >= Level.ADMIN

    @property
    def can_show(self) -> bool:
        return self.can_index
