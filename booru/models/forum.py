"""Forum topics and posts, as far as bulk update requests need them (behaviour A.15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from booru.models.base import TimestampedModel
from booru.models.embeds import embed_errors
from booru.models.user import Level, User
from booru.text import dtext_attribute, title_attribute, visible_text_errors

if TYPE_CHECKING:
    from typing import Self

_MAX_TITLE = 200
_MAX_BODY = 200_000


class ForumTopicQuerySet(models.QuerySet["ForumTopic"]):
    def visible_to(self, user: object) -> Self:
        """The topics that a user, or an anonymous visitor, is of high enough a level for."""
        return self.filter(min_level__lte=_level_of(user))


class ForumTopicManager(models.Manager["ForumTopic"].from_queryset(ForumTopicQuerySet)):  # type: ignore[misc]
    def open(self, creator: User, title: str, category: int = 0, *, min_level: int = 0) -> ForumTopic:
        """Save a topic, which has no post yet. Raises ValidationError, and saves nothing, on bad input."""
        topic: ForumTopic = self.model(
            creator=creator,
            updater=creator,
            title=title_attribute(title),
            category=category,
            min_level=min_level,
        )
        topic.validate()
        topic.save()
        return topic


class ForumTopic(TimestampedModel):
    class Category(models.IntegerChoices):
        GENERAL = 0
        TAGS = 1
        BUGS_AND_FEATURES = 2, "Bugs & Features"

    title = models.TextField()
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    updater = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    category = models.SmallIntegerField(choices=Category.choices, default=Category.GENERAL)
    response_count = models.PositiveIntegerField(default=0)
    min_level = models.SmallIntegerField(default=0)
    is_sticky = models.BooleanField(default=False)
    is_locked = models.BooleanField(default=False)
    is_deleted = models.BooleanField(default=False)
    # Moves when somebody posts, not on every save.
    updated_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[ForumTopicManager] = ForumTopicManager()

    class Meta:
        db_table = "forum_topics"
        ordering = ["-updated_at"]

    def __str__(self) -> str:
        return f"topic #{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("forum_topic", args=[self.pk])

    def is_visible_to(self, user: object) -> bool:
        return self.min_level <= _level_of(user)

    def can_reply(self, user: object) -> bool:
        """May this user, or an anonymous visitor, add a post? In a locked topic only moderators do."""
        if not isinstance(user, User) or not user.is_in_good_standing or not self.is_visible_to(user):
            return False
        return not self.is_locked or user.is_moderator

    def validate(self) -> None:
        """Raises ValidationError."""
        errors = {
            "title": visible_text_errors(self.title, _MAX_TITLE),
            "category": [] if self.category in self.Category.values else ["is not included in the list"],
            "min_level": [] if self.min_level in Level.values else ["is not included in the list"],
        }
        _raise_any(errors)


class ForumPostQuerySet(models.QuerySet["ForumPost"]):
    def visible_to(self, user: object) -> Self:
        """The posts in visible topics; hidden ones are for moderators."""
        level = _level_of(user)
        posts = self.filter(topic__min_level__lte=level)
        return posts if level >= Level.MODERATOR else posts.filter(is_deleted=False)


class ForumPostManager(models.Manager["ForumPost"].from_queryset(ForumPostQuerySet)):  # type: ignore[misc]
    @transaction.atomic
    def create_reply(self, topic: ForumTopic, creator: User, body: str) -> ForumPost:
        """Add a post at the end of the topic, which moves up in the list.

        Raises ValidationError, and saves nothing, on bad input. Whether the creator may is not looked at.
        """
        post: ForumPost = self.model(
            topic=topic, creator=creator, updater=creator, body=dtext_attribute(body)
        )
        post.validate()
        post.save()
        ForumTopic.objects.filter(pk=topic.pk).update(
            response_count=F("response_count") + 1, updater=creator, updated_at=timezone.now()
        )
        topic.refresh_from_db(fields=["response_count", "updater", "updated_at"])
        return post


class ForumPost(TimestampedModel):
    topic = models.ForeignKey(ForumTopic, models.CASCADE, related_name="posts")
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    updater = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    body = models.TextField()
    is_deleted = models.BooleanField(default=False)

    objects: ClassVar[ForumPostManager] = ForumPostManager()

    class Meta:
        db_table = "forum_posts"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"forum #{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("forum_post", args=[self.pk])

    def validate(self) -> None:
        """Raises ValidationError."""
        _raise_any({"body": visible_text_errors(self.body, _MAX_BODY) + embed_errors(self.body)})


def _level_of(user: object) -> int:
    return user.level if isinstance(user, User) else Level.ANONYMOUS


def _raise_any(errors: dict[str, list[str]]) -> None:
    if errors := {name: messages for name, messages in errors.items() if messages}:
        raise ValidationError(errors)
