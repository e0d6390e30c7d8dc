"""Forum topics and posts, as far as bulk update requests need them (behaviour A.15)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from booru.models.base import TimestampedModel


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

    class Meta:
        db_table = "forum_topics"
        ordering = ["-updated_at"]


class ForumPost(TimestampedModel):
    topic = models.ForeignKey(ForumTopic, models.CASCADE, related_name="posts")
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    updater = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    body = models.TextField()
    is_deleted = models.BooleanField(default=False)

    class Meta:
        db_table = "forum_posts"
        ordering = ["id"]
