"""Who may do what: every permission of the site (behaviour 0.5 and each resource's section)."""

from __future__ import annotations

from typing import Generic, TypeVar

from django.contrib.auth.models import AnonymousUser

from booru.models import (
    Artist,
    BulkUpdateRequest,
    Dmail,
    ForumPost,
    ForumPostVote,
    ForumTopic,
    Level,
    ModAction,
    Pool,
    Post,
    SavedSearch,
    Tag,
    User,
    WikiPage,
)
from booru.models.mod_action import HIDDEN
from booru.models.tag_relationship import TagRelationship
from booru.web.errors import AccessDenied

RecordT = TypeVar("RecordT")
# With so many votes a request stays as it was voted on.
_VOTES_THAT_SETTLE = 5


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


class PostPolicy(Policy[Post]):
    """Behaviour 0.5, N."""

    @property
    def can_update(self) -> bool:
        return self.record is not None and self.in_good_standing

    @property
    def can_vote(self) -> bool:
        """Vote, and make it a favorite."""
        return self.record is not None and self.in_good_standing


class TagPolicy(Policy[Tag]):
    """Behaviour C.4."""

    @property
    def can_update(self) -> bool:
        return self.record is not None and self.in_good_standing

    @property
    def can_change_category(self) -> bool:
        if self.record is None or self.user is None or not self.in_good_standing:
            return False
        return self.record.can_be_recategorised_by(self.user)

    @property
    def can_change_deprecation(self) -> bool:
        """A tag is deprecated only with a page that tells what to use instead."""
        if self.record is None or not self.in_good_standing or self.level < Level.ADMIN:
            return False
        pages = WikiPage.objects.filter(title=self.record.name, is_deleted=False)
        return self.record.is_deprecated or pages.exists()

    @property
    def update_fields(self) -> tuple[str, ...]:
        """What an update may change."""
        fields = {"category": self.can_change_category, "is_deprecated": self.can_change_deprecation}
        return tuple(name for name, allowed in fields.items() if allowed)


class _RecordPolicy(Policy[RecordT]):
    """Records that everybody in good standing writes; builders and up delete and restore them."""

    @property
    def can_create(self) -> bool:
        return self.in_good_standing

    @property
    def can_update(self) -> bool:
        return self.record is not None and self.in_good_standing

    @property
    def can_destroy(self) -> bool:
        return self.record is not None and self._is_builder

    @property
    def _is_builder(self) -> bool:
        return self.in_good_standing and self.level >= Level.BUILDER

    @property
    def write_fields(self) -> tuple[str, ...]:
        """What one may set."""
        return (*self._fields, "is_deleted") if self._is_builder else self._fields

    _fields: tuple[str, ...] = ()


class WikiPagePolicy(_RecordPolicy[WikiPage]):
    """A locked page is for builders and up (behaviour D.7)."""

    _fields = ("title", "other_names", "body")

    @property
    def can_update(self) -> bool:
        return super().can_update and (self._is_builder or not (self.record and self.record.is_locked))

    @property
    def write_fields(self) -> tuple[str, ...]:
        return (*super().write_fields, "is_locked") if self._is_builder else super().write_fields


class PoolPolicy(_RecordPolicy[Pool]):
    """A deleted pool is for builders and up (behaviour D.7)."""

    _fields = ("name", "description", "category", "post_ids")

    @property
    def can_update(self) -> bool:
        if self.record is None or self.user is None:
            return False
        return super().can_update and self.record.can_be_changed_by(self.user)


class ArtistPolicy(_RecordPolicy[Artist]):
    _fields = ("name", "group_name", "other_names", "urls")


class SavedSearchPolicy(Policy[SavedSearch]):
    """One's own alone, which nobody else sees."""

    @property
    def can_index(self) -> bool:
        return self.is_logged_in

    @property
    def can_create(self) -> bool:
        return self.is_logged_in

    @property
    def can_update(self) -> bool:
        return self.record is not None and self._is_me(self.record.user_id)


class TagRelationshipPolicy(Policy[TagRelationship]):
    """Behaviour B.1."""

    @property
    def can_destroy(self) -> bool:
        return self.record is not None and self.in_good_standing and self.level >= Level.ADMIN


class ModActionPolicy(Policy[ModAction]):
    """Behaviour I.7."""

    @property
    def can_show(self) -> bool:
        if self.record is None:
            return False
        return self.level >= Level.MODERATOR or self.record.category not in HIDDEN


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
    """Behaviour A.15."""

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
    def can_vote(self) -> bool:
        """Cast a vote or take it back: on the post of a pending request (behaviour A.14)."""
        if self.record is None or not self.in_good_standing or not self.can_show:
            return False
        bur: BulkUpdateRequest | None = getattr(self.record, "bulk_update_request", None)
        return bur is not None and bur.status == BulkUpdateRequest.Status.PENDING


class ForumPostVotePolicy(Policy[ForumPostVote]):
    """Behaviour A.14."""

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


class BulkUpdateRequestPolicy(Policy[BulkUpdateRequest]):
    """Behaviour A.11."""

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


class JobPolicy(Policy[object]):
    """The page /jobs (behaviour H.5)."""

    @property
    def can_manage(self) -> bool:
        """See arguments and errors; cancel, retry, run and delete jobs."""
        return self.level >= Level.ADMIN
