"""Who may read and write dmails."""

from __future__ import annotations

from booru.models import Dmail, Level
from booru.web.policies.base import Policy


class DmailPolicy(Policy[Dmail]):
    """Behaviour E.7."""

    @property
    def can_index(self) -> bool:
        return self.is_logged_in

    @property
    def can_mark_all_as_read(self) -> bool:
        return self.is_logged_in

    @property
    def can_create(self) -> bool:
        return self.in_good_standing

    @property
    def can_show(self) -> bool:
        return self._owns or self.level == Level.OWNER

    @property
    def can_update(self) -> bool:
        return self._owns

    @property
    def can_respond(self) -> bool:
        return self._owns and self.can_create and self.record is not None and not self.record.is_automated

    @property
    def _owns(self) -> bool:
        return self.record is not None and self._is_me(self.record.owner_id)
