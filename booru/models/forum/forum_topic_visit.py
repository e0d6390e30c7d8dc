"""Up to when a user has read a forum topic (behaviour N)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from booru.models.accounts.user import User
from booru.models.base import TimestampedModel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from booru.models.forum.forum_topic import ForumTopic


class ForumTopicVisitManager(models.Manager["ForumTopicVisit"]):
    def note(self, user: User, topic: ForumTopic) -> None:
        """The user has read the topic as it is now."""
        if self.unread_among([topic], user):
            visit = self.model(user=user, forum_topic=topic, last_read_at=topic.updated_at)
            self.bulk_create(
                [visit],
                update_conflicts=True,
                unique_fields=["user", "forum_topic"],
                update_fields=["last_read_at", "updated_at"],
            )

    def unread_among(self, topics: Iterable[ForumTopic], user: User) -> set[int]:
        """The ids of those in which somebody wrote since the user was there."""
        ever_read = user.last_forum_read_at
        newer = [topic for topic in topics if ever_read is None or topic.updated_at > ever_read]
        visits = dict(
            self.filter(user=user, forum_topic__in=newer).values_list("forum_topic", "last_read_at")
        )
        return {topic.pk for topic in newer if topic.pk not in visits or visits[topic.pk] < topic.updated_at}

    @transaction.atomic
    def mark_all_as_read(self, user: User) -> None:
        """Whatever was written until now is read."""
        user.last_forum_read_at = timezone.now()
        User.objects.filter(pk=user.pk).update(last_forum_read_at=user.last_forum_read_at)
        self.filter(user=user).delete()


class ForumTopicVisit(TimestampedModel):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="forum_topic_visits")
    forum_topic = models.ForeignKey("booru.ForumTopic", models.CASCADE, related_name="visits")
    last_read_at = models.DateTimeField()

    objects: ClassVar[ForumTopicVisitManager] = ForumTopicVisitManager()

    class Meta:
        db_table = "forum_topic_visits"
        constraints = [
            models.UniqueConstraint(fields=["user", "forum_topic"], name="unique_forum_topic_visit")
        ]

    def __str__(self) -> str:
        return f"visit of topic #{self.forum_topic_id} by user #{self.user_id}"
