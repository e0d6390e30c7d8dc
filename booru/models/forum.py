"""Forum topics and posts (behaviour A.15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from booru.models.base import TimestampedModel
from booru.models.embeds import embed_errors
from booru.models.forum_mentions import tell_mentioned
from booru.models.mod_action import ModAction
from booru.models.user import Level, User
from booru.text import dtext_attribute, title_attribute, visible_text_errors

if TYPE_CHECKING:
    from typing import Self

POSTS_PER_PAGE = 20
_MAX_TITLE = 200
_MAX_BODY = 200_000
_FIRST_POST_STAYS = "Can't delete original post without deleting the topic first"
_TOPIC_IS_DELETED = "Can't undelete post without undeleting the topic first"


class ForumTopicQuerySet(models.QuerySet["ForumTopic"]):
    def visible_to(self, user: object) -> Self:
        """The topics that a user, or an anonymous visitor, is of high enough a level for."""
        return self.filter(min_level__lte=_level_of(user))


class ForumTopicManager(models.Manager["ForumTopic"].from_queryset(ForumTopicQuerySet)):  # type: ignore[misc]
    def open(self, creator: User, title: str, category: int = 0, *, min_level: int = 0) -> ForumTopic:
        """Save a topic, which has no post yet. Raises ValidationError, and saves nothing, on bad input."""
        topic = self._new(creator, title, category, min_level)
        topic.validate()
        topic.save()
        return topic

    def start(
        self, creator: User, title: str, body: str, category: int = 0, *, min_level: int = 0
    ) -> ForumTopic:
        """Save a topic with its first post; raises ValidationError with what is wrong with either."""
        first_post = ForumPost(body=dtext_attribute(body))
        _raise_any(self._new(creator, title, category, min_level).problems() | first_post.problems())
        with transaction.atomic():
            topic = self.open(creator, title, category, min_level=min_level)
            ForumPost.objects.create_reply(topic, creator, body)
        return topic

    def _new(self, creator: User, title: str, category: int, min_level: int) -> ForumTopic:
        topic: ForumTopic = self.model(
            creator=creator,
            updater=creator,
            title=title_attribute(title),
            category=category,
            min_level=min_level,
        )
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

    @transaction.atomic
    def edit(self, editor: User, **fields: Any) -> None:
        """Change title, category, min_level, is_sticky or is_locked; the topic keeps its place in the list.

        Raises ValidationError, and saves nothing, on bad input.
        """
        was_locked = self.is_locked
        if "title" in fields:
            fields["title"] = title_attribute(fields["title"])
        for name, value in fields.items():
            setattr(self, name, value)
        self.validate()
        self.save(update_fields=list(fields))
        if self.is_locked != was_locked:
            self._log(editor, ModAction.Category.FORUM_TOPIC_LOCK, "locked" if self.is_locked else "unlocked")

    def hide(self, moderator: User) -> None:
        """Delete it with all its posts; they are still there for moderators."""
        self._set_deleted(True, moderator)

    def unhide(self, moderator: User) -> None:
        self._set_deleted(False, moderator)

    @transaction.atomic
    def _set_deleted(self, is_deleted: bool, moderator: User) -> None:
        self.lock()
        if self.is_deleted == is_deleted:
            return
        self.is_deleted = is_deleted
        self.save(update_fields=["is_deleted"])
        self.posts.update(is_deleted=is_deleted)
        self.count_posts()
        categories = ModAction.Category
        category = categories.FORUM_TOPIC_DELETE if is_deleted else categories.FORUM_TOPIC_UNDELETE
        self._log(moderator, category, "deleted" if is_deleted else "undeleted")

    def _log(self, moderator: User, category: ModAction.Category, what: str) -> None:
        ModAction.objects.log(moderator, category, f"{what} forum {self} (title: {self.title})", self)

    def lock(self) -> None:
        """Hold the row, so that one person at a time hides or shows posts of it."""
        self.refresh_from_db(from_queryset=ForumTopic.objects.select_for_update(no_key=True))

    def count_posts(self) -> None:
        """Take the count, the time and the person of the last post from the posts that are left to see."""
        shown = self.posts.filter(is_deleted=False)
        last = shown.order_by("-pk").first()
        self.response_count = shown.count()
        if last is not None:
            self.updater, self.updated_at = last.creator, last.created_at
        self.save(update_fields=["response_count", "updater", "updated_at"])

    def validate(self) -> None:
        """Raises ValidationError."""
        _raise_any(self.problems())

    def problems(self) -> dict[str, list[str]]:
        """What is wrong with each field."""
        return {
            "title": visible_text_errors(self.title, _MAX_TITLE),
            "category": [] if self.category in self.Category.values else ["is not included in the list"],
            "min_level": [] if self.min_level in Level.values else ["is not included in the list"],
        }


class ForumPostQuerySet(models.QuerySet["ForumPost"]):
    def visible_to(self, user: object) -> Self:
        """The posts in visible topics; hidden ones are for moderators."""
        level = _level_of(user)
        posts = self.filter(topic__min_level__lte=level)
        return posts if level >= Level.MODERATOR else posts.filter(is_deleted=False)


class ForumPostManager(models.Manager["ForumPost"].from_queryset(ForumPostQuerySet)):  # type: ignore[misc]
    @transaction.atomic
    def create_reply(
        self, topic: ForumTopic, creator: User, body: str, *, tells_mentioned: bool = True
    ) -> ForumPost:
        """Add a post at the end of the topic, which moves up in the list, and tell whom it mentions.

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
        if tells_mentioned:
            tell_mentioned(post, creator)
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

    @property
    def is_original(self) -> bool:
        """The first post of its topic."""
        return not ForumPost.objects.filter(topic_id=self.topic_id, pk__lt=self.pk).exists()

    @property
    def page(self) -> int:
        """The page of its topic that it is on for who sees no hidden posts."""
        topic_id = self.topic_id
        earlier: int = ForumPost.objects.filter(topic_id=topic_id, pk__lt=self.pk, is_deleted=False).count()
        return earlier // POSTS_PER_PAGE + 1

    @transaction.atomic
    def edit(self, editor: User, body: str) -> None:
        """Change the text, and tell whom it mentions only now.

        Raises ValidationError, and saves nothing, on bad input.
        """
        before = self.body
        self.body, self.updater = dtext_attribute(body), editor
        self.validate()
        self.save(update_fields=["body", "updater", "updated_at"])
        tell_mentioned(self, editor, before)
        if editor.pk != self.creator_id:
            ModAction.objects.log(editor, ModAction.Category.FORUM_POST_UPDATE, f"updated {self}", self)

    @transaction.atomic
    def hide(self, moderator: User) -> None:
        """Delete it; it is still there for moderators. Raises ValidationError for a topic's first post."""
        self._lock()
        if self.is_original and not self.topic.is_deleted:
            raise ValidationError(_FIRST_POST_STAYS)
        if not self.is_deleted:
            self._set_deleted(True, moderator)
            ModAction.objects.log(moderator, ModAction.Category.FORUM_POST_DELETE, f"deleted {self}", self)

    @transaction.atomic
    def unhide(self, moderator: User) -> None:
        """Raises ValidationError while its topic is deleted."""
        self._lock()
        if self.topic.is_deleted:
            raise ValidationError(_TOPIC_IS_DELETED)
        self._set_deleted(False, moderator)

    def _lock(self) -> None:
        """Hold the topic, and see the post as it is by now."""
        self.topic.lock()
        self.refresh_from_db(fields=["is_deleted"])

    def _set_deleted(self, is_deleted: bool, moderator: User) -> None:
        self.is_deleted, self.updater = is_deleted, moderator
        self.save(update_fields=["is_deleted", "updater", "updated_at"])
        self.topic.count_posts()

    def validate(self) -> None:
        """Raises ValidationError."""
        _raise_any(self.problems())

    def problems(self) -> dict[str, list[str]]:
        """What is wrong with each field."""
        return {"body": visible_text_errors(self.body, _MAX_BODY) + embed_errors(self.body)}


def _level_of(user: object) -> int:
    return user.level if isinstance(user, User) else Level.ANONYMOUS


def _raise_any(errors: dict[str, list[str]]) -> None:
    if errors := {name: messages for name, messages in errors.items() if messages}:
        raise ValidationError(errors)
