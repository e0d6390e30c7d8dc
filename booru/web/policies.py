"""Who may do what: every permission of the site (behaviour 0.5 and each resource's section)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from booru.models import BulkUpdateRequest, Dmail, ForumPost, ForumTopic, Level, User
from booru.web.errors import AccessDenied

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

RecordT = TypeVar("RecordT")


def authorize(allowed: bool) -> None:
    """Raise AccessDenied unless `allowed`."""
    if not allowed:
        raise AccessDenied


class Policy(Generic[RecordT]):
    """What one user, or an anonymous visitor, may do with one record or with a kind of record.

    Unless a policy says otherwise everybody may look and nobody may touch.
    """

    def __init__(self, user: User | AnonymousUser, record: RecordT | None = None) -> None:
        self.user = user if isinstance(user, User) else None
        self.record = record

    @property
    def level(self) -> int:
        return self.user.level if self.user else Level.ANONYMOUS

    @property
    def is_logged_in(self) -> bool:
        return self.user is not None

    @property
    def in_good_standing(self) -> bool:
        """At least a member, and not banned."""
        return self.user is not None and self.level >= Level.MEMBER and not self.user.is_banned

    @property
    def can_index(self) -> bool:
        return True

    @property
    def can_show(self) -> bool:
        return True

    def _is_me(self, user_id: int | None) -> bool:
        return self.user is not None and self.user.pk == user_id


class PostPolicy(Policy[object]):
    pass


class TagPolicy(Policy[object]):
    pass


class WikiPagePolicy(Policy[object]):
    pass


class UserPolicy(Policy[User]):
    @property
    def can_create(self) -> bool:
        """Sign up: only who is not logged in (behaviour I.3)."""
        return not self.is_logged_in

    @property
    def can_update(self) -> bool:
        return self.record is not None and self._is_me(self.record.pk)

    @property
    def can_see_email_address(self) -> bool:
        """One's own; moderators, those of users below them (behaviour F.8)."""
        if self.record is None:
            return False
        return self.can_update or (self.level >= Level.MODERATOR and self.level > self.record.level)


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


class ForumTopicPolicy(Policy[ForumTopic]):
    """Behaviour A.15."""

    @property
    def can_show(self) -> bool:
        return self.record is not None and self.record.min_level <= self.level

    @property
    def can_reply(self) -> bool:
        if self.record is None or not self.in_good_standing or not self.can_show:
            return False
        return not self.record.is_locked or self.level >= Level.MODERATOR


class ForumPostPolicy(Policy[ForumPost]):
    @property
    def can_show(self) -> bool:
        if self.record is None or self.record.topic.min_level > self.level:
            return False
        return not self.record.is_deleted or self.level >= Level.MODERATOR


class BulkUpdateRequestPolicy(Policy[BulkUpdateRequest]):
    """Behaviour A.11."""

    @property
    def can_create(self) -> bool:
        return self.in_good_standing

    @property
    def can_update(self) -> bool:
        return self.in_good_standing and self._is_open and self._is_admin_or_requester

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
    def _is_admin_or_requester(self) -> bool:
        return self.record is not None and (self.level >= Level.ADMIN or self._is_me(self.record.user_id))


class JobPolicy(Policy[object]):
    """The page /jobs (behaviour H.5)."""

    @property
    def can_manage(self) -> bool:
        """See arguments and errors; cancel, retry, run and delete jobs."""
        return self.level >= Level.ADMIN
