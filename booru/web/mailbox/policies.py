"""Who may read and write dmails."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from booru.models import Dmail, Level
from booru.web.http.policies import Policy

# What is older is not reported any more.
REPORTABLE_FOR = timedelta(days=365)


class DmailPolicy(Policy[Dmail]):
    """Each user has a mailbox of their own; good standing sends (behaviour E.7)."""

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
        """Not to who would never read it."""
        if self.record is None or not self._owns or not self.can_create:
            return False
        return not self.record.is_automated and not self.record.from_user.is_deleted

    @property
    def can_report(self) -> bool:
        """What somebody below moderator wrote to one within a year (behaviour E.6)."""
        if self.record is None or not self.in_good_standing or not self._owns:
            return False
        is_recent = self.record.created_at > timezone.now() - REPORTABLE_FOR
        is_from_person = not self.record.is_automated and self.record.from_user.level < Level.MODERATOR
        return self.record.is_received and is_from_person and is_recent

    @property
    def _owns(self) -> bool:
        return self.record is not None and self._is_me(self.record.owner_id)
