"""Who may read and write in the forum."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from booru.models import BulkUpdateRequest, ForumPost, ForumPostVote, ForumTopic, Level
from booru.web.http.policies import Policy
from booru.web.mailbox.policies import REPORTABLE_FOR


class ForumTopicPolicy(Policy[ForumTopic]):
    """Topics have a lowest level that sees them, and may be locked (behaviour A.15)."""

    @property
    def can_show(self) -> bool:
        return self.record is not None and self.record.min_level <= self.level

    @property
    def can_reply(self) -> bool:
        if self.record is None or not self.in_good_standing or not self.can_show:
            return False
        return not self.record.is_locked or self.level >= Level.MODERATOR

    @property
    def can_create(self) -> bool:
        return self.in_good_standing

    @property
    def can_update(self) -> bool:
        """Moderators, and who started it as long as it is not locked."""
        if self.record is None or not self.in_good_standing or not self.can_show:
            return False
        is_own = self._is_me(self.record.creator_id) and not self.record.is_locked
        return is_own or self.level >= Level.MODERATOR

    @property
    def can_moderate(self) -> bool:
        """Hide and show, lock, make sticky."""
        if self.record is None or not self.in_good_standing or not self.can_show:
            return False
        return self.level >= Level.MODERATOR

    @property
    def can_mark_all_as_read(self) -> bool:
        return self.is_logged_in

    @property
    def create_fields(self) -> tuple[str, ...]:
        return ("title", "category_id", "body", *(("min_level",) if self.level >= Level.MODERATOR else ()))

    @property
    def update_fields(self) -> tuple[str, ...]:
        """What an update may change."""
        fields = ("title", "category_id")
        return (*fields, "min_level", "is_sticky", "is_locked") if self.can_moderate else fields

    def can_set_min_level(self, level: int) -> bool:
        """Nobody shuts themselves out."""
        return level <= self.level


class ForumPostPolicy(Policy[ForumPost]):
    """Who sees the topic may reply; moderators see deleted posts (behaviour A.15)."""

    @property
    def can_show(self) -> bool:
        if self.record is None or self.record.topic.min_level > self.level:
            return False
        return not self.record.is_deleted or self.level >= Level.MODERATOR

    @property
    def can_update(self) -> bool:
        if self.record is None or not self.in_good_standing or not self.can_show:
            return False
        is_own = self._is_me(self.record.creator_id) and not self.record.topic.is_locked
        return is_own or self.level >= Level.MODERATOR

    @property
    def can_moderate(self) -> bool:
        """Hide and show."""
        return self.in_good_standing and self.can_show and self.level >= Level.MODERATOR

    @property
    def can_report(self) -> bool:
        """What somebody else below moderator wrote within a year."""
        if self.record is None or not self.in_good_standing or not self.can_show:
            return False
        is_recent = self.record.created_at > timezone.now() - REPORTABLE_FOR
        is_others = not self._is_me(self.record.creator_id)
        return is_others and self.record.creator.level < Level.MODERATOR and is_recent

    @property
    def can_vote(self) -> bool:
        """Cast a vote or take it back: on the post of a pending request (behaviour A.14)."""
        if self.record is None or not self.in_good_standing or not self.can_show:
            return False
        bur: BulkUpdateRequest | None = getattr(self.record, "bulk_update_request", None)
        return bur is not None and bur.status == BulkUpdateRequest.Status.PENDING


class ForumPostVotePolicy(Policy[ForumPostVote]):
    """Votes count while the BUR of the post is pending (behaviour A.14)."""

    @property
    def can_show(self) -> bool:
        return self.record is not None and self._post_policy(self.record).can_show

    @property
    def can_destroy(self) -> bool:
        if self.record is None or not self._is_me(self.record.creator_id):
            return False
        return self._post_policy(self.record).can_vote

    def _post_policy(self, vote: ForumPostVote) -> ForumPostPolicy:
        return ForumPostPolicy(self.user or AnonymousUser(), vote.forum_post)
