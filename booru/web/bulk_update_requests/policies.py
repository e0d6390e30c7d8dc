"""Who may request, approve, reject and undo bulk updates."""

from __future__ import annotations

from booru.models import BulkUpdateRequest, ForumPostVote, Level
from booru.web.http.policies import Policy

# With so many votes a request stays as it was voted on.
_VOTES_THAT_SETTLE = 5


class BulkUpdateRequestPolicy(Policy[BulkUpdateRequest]):
    """Who may write, edit, approve and reject BURs (behaviour A.11)."""

    @property
    def can_create(self) -> bool:
        return self.in_good_standing

    @property
    def can_update(self) -> bool:
        """Admins, and the requester until a few have voted, who voted for the script as it is."""
        if not self.in_good_standing or not self._is_open:
            return False
        return self.level >= Level.ADMIN or (self._is_admin_or_requester and not self._is_settled)

    @property
    def can_approve(self) -> bool:
        if self.record is None or not self.in_good_standing or not self._is_open:
            return False
        return self.level >= self.record.approval_level

    @property
    def can_dry_run(self) -> bool:
        """See what it would do, as long as it does not do it."""
        return self.is_logged_in and self._is_open

    @property
    def can_reject(self) -> bool:
        if self.record is None or not self.in_good_standing:
            return False
        return self.record.status == BulkUpdateRequest.Status.PENDING and self._is_admin_or_requester

    @property
    def can_revert(self) -> bool:
        """Undo it, or undo again what is left of it."""
        if self.record is None or not self.in_good_standing or self.level < Level.ADMIN:
            return False
        return self.record.can_be_reverted

    @property
    def update_fields(self) -> tuple[str, ...]:
        """What an update may change."""
        return ("script", "forum_topic_id", "forum_post_id") if self.level >= Level.ADMIN else ("script",)

    @property
    def _is_open(self) -> bool:
        return self.record is not None and not self.record.is_approved

    @property
    def _is_settled(self) -> bool:
        if self.record is None or self.record.forum_post_id is None:
            return False
        votes = ForumPostVote.objects.filter(forum_post=self.record.forum_post_id)
        return votes.count() >= _VOTES_THAT_SETTLE

    @property
    def _is_admin_or_requester(self) -> bool:
        return self.record is not None and (self.level >= Level.ADMIN or self._is_me(self.record.user_id))
