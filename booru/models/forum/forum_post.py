"""Posts in forum topics (behaviour A.15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse

from booru.models.accounts.user import Level, User, level_of
from booru.models.base import TimestampedModel
from booru.models.forum.forum_mentions import tell_mentioned
from booru.models.messages.embeds import embed_errors
from booru.models.mod_action import ModAction
from booru.rules.field_errors import raise_any
from booru.rules.text import dtext_attribute, visible_text_errors

if TYPE_CHECKING:
    from typing import Self

    from booru.models.forum.forum_topic import ForumTopic

POSTS_PER_PAGE = 20
MAX_BODY = 200_000
_FIRST_POST_STAYS = "Can't delete original post without deleting the topic first"
_TOPIC_IS_DELETED = "Can't undelete post without undeleting the topic first"


class ForumPostQuerySet(models.QuerySet["ForumPost"]):
    def visible_to(self, user: object) -> Self:
        """The posts in visible topics; hidden ones are for moderators."""
        level = level_of(user)
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
        topic.count_reply(creator)
        if tells_mentioned:
            tell_mentioned(post, creator)
        return post


class ForumPost(TimestampedModel):
    topic = models.ForeignKey("booru.ForumTopic", models.CASCADE, related_name="posts")
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
        raise_any(self.problems())

    def problems(self) -> dict[str, list[str]]:
        """What is wrong with each field."""
        return {"body": visible_text_errors(self.body, MAX_BODY) + embed_errors(self.body)}
