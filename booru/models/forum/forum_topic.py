"""Forum topics (behaviour A.15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from booru.models.accounts.user import Level, User, level_of
from booru.models.base import TimestampedModel
from booru.models.forum.forum_post import ForumPost
from booru.models.mod_action import ModAction
from booru.rules.field_errors import raise_any
from booru.rules.text import dtext_attribute, title_attribute, visible_text_errors

if TYPE_CHECKING:
    from typing import Self

_MAX_TITLE = 200


class ForumTopicQuerySet(models.QuerySet["ForumTopic"]):
    def visible_to(self, user: object) -> Self:
        """The topics that a user, or an anonymous visitor, is of high enough a level for."""
        return self.filter(min_level__lte=level_of(user))


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
        raise_any(self._new(creator, title, category, min_level).problems() | first_post.problems())
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
        return self.min_level <= level_of(user)

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

    def count_reply(self, creator: User) -> None:
        """Move up in the list, with one more post, whatever others count meanwhile."""
        ForumTopic.objects.filter(pk=self.pk).update(
            response_count=F("response_count") + 1, updater=creator, updated_at=timezone.now()
        )
        self.refresh_from_db(fields=["response_count", "updater", "updated_at"])

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
        raise_any(self.problems())

    def problems(self) -> dict[str, list[str]]:
        """What is wrong with each field."""
        return {
            "title": visible_text_errors(self.title, _MAX_TITLE),
            "category": [] if self.category in self.Category.values else ["is not included in the list"],
            "min_level": [] if self.min_level in Level.values else ["is not included in the list"],
        }
