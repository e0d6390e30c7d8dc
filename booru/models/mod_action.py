"""What moderators and admins did, for everybody to see (behaviour I.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models

from booru.models.accounts.user import User
from booru.models.base import TimestampedModel

if TYPE_CHECKING:
    from typing import Self


class ModActionQuerySet(models.QuerySet["ModAction"]):
    def visible_to(self, user: object) -> Self:
        """All for moderators; others do not see what would tell addresses or reports."""
        if isinstance(user, User) and user.is_moderator:
            return self
        return self.exclude(category__in=HIDDEN)


class ModActionManager(models.Manager["ModAction"].from_queryset(ModActionQuerySet)):  # type: ignore[misc]
    def log(
        self,
        creator: User,
        category: ModAction.Category,
        description: str,
        subject: models.Model | None = None,
    ) -> ModAction:
        """Record what `creator` did, with the record that it was done to."""
        action: ModAction = self.create(
            creator=creator,
            category=category,
            description=description,
            subject_type=type(subject).__name__ if subject else "",
            subject_id=subject.pk if subject else None,
        )
        return action


class ModAction(TimestampedModel):
    class Category(models.IntegerChoices):
        """Danbooru's numbers."""

        USER_DELETE = 2
        USER_UNDELETE = 3
        USER_BAN = 4
        USER_UNBAN = 5
        USER_NAME_CHANGE = 6
        USER_LEVEL_CHANGE = 7
        USER_BAN_UPDATE = 10
        USER_FEEDBACK_UPDATE = 21
        USER_FEEDBACK_DELETE = 22
        POST_DELETE = 42
        POST_UNDELETE = 43
        POST_BAN = 44
        POST_UNBAN = 45
        POOL_DELETE = 62
        POOL_UNDELETE = 63
        FORUM_POST_UPDATE = 101
        FORUM_POST_DELETE = 102
        TAG_ALIAS_CREATE = 120
        TAG_ALIAS_DELETE = 122
        TAG_IMPLICATION_CREATE = 140
        TAG_IMPLICATION_DELETE = 142
        IP_BAN_CREATE = 160
        IP_BAN_DELETE = 162
        ARTIST_BAN = 184
        ARTIST_UNBAN = 185
        FORUM_TOPIC_DELETE = 202
        FORUM_TOPIC_UNDELETE = 203
        FORUM_TOPIC_LOCK = 206
        POST_VOTE_DELETE = 232
        TAG_DEPRECATE = 240
        TAG_UNDEPRECATE = 242
        MODERATION_REPORT_HANDLED = 306
        MODERATION_REPORT_REJECTED = 307
        EMAIL_ADDRESS_UPDATE = 501
        BACKUP_CODE_SEND = 606

    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="mod_actions")
    # DText.
    description = models.TextField()
    category = models.SmallIntegerField(choices=Category.choices)
    # What it was done to: a model's name and its id, kept when the record itself is gone.
    subject_type = models.TextField(default="", blank=True)
    subject_id = models.BigIntegerField(null=True, blank=True)

    objects: ClassVar[ModActionManager] = ModActionManager()

    class Meta:
        db_table = "mod_actions"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.description

    @property
    def category_name(self) -> str:
        return self.Category(self.category).name.lower()


# For moderators only.
HIDDEN = (
    ModAction.Category.IP_BAN_CREATE,
    ModAction.Category.IP_BAN_DELETE,
    ModAction.Category.MODERATION_REPORT_HANDLED,
    ModAction.Category.MODERATION_REPORT_REJECTED,
    ModAction.Category.EMAIL_ADDRESS_UPDATE,
    ModAction.Category.BACKUP_CODE_SEND,
)
