"""Up to when a user has read a forum topic (behaviour N)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from booru.models.base import TimestampedModel


class ForumTopicVisit(TimestampedModel):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="forum_topic_visits")
    forum_topic = models.ForeignKey("booru.ForumTopic", models.CASCADE, related_name="visits")
    last_read_at = models.DateTimeField()

    class Meta:
        db_table = "forum_topic_visits"
        constraints = [
            models.UniqueConstraint(fields=["user", "forum_topic"], name="unique_forum_topic_visit")
        ]

    def __str__(self) -> str:
        return f"visit of topic #{self.forum_topic_id} by user #{self.user_id}"
