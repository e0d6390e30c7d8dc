"""Favorites, votes and favorite groups: what users think of posts (behaviour N)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from booru.models.base import TimestampedModel


class Favorite(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="favorites")
    post = models.ForeignKey("booru.Post", models.CASCADE, related_name="favorites")

    class Meta:
        db_table = "favorites"
        constraints = [models.UniqueConstraint(fields=["user", "post"], name="unique_favorite")]


class PostVote(TimestampedModel):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="post_votes")
    post = models.ForeignKey("booru.Post", models.CASCADE, related_name="votes")
    score = models.SmallIntegerField()
    is_deleted = models.BooleanField(default=False)

    class Meta:
        db_table = "post_votes"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "post"], condition=Q(is_deleted=False), name="unique_post_vote"
            ),
            models.CheckConstraint(condition=Q(score__in=[-1, 1]), name="post_vote_score"),
        ]


class FavoriteGroup(TimestampedModel):
    name = models.TextField()
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="favorite_groups")
    post_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    is_public = models.BooleanField(default=True)

    class Meta:
        db_table = "favorite_groups"
        indexes = [GinIndex(fields=["post_ids"], name="favorite_groups_post_ids")]

    def __str__(self) -> str:
        return self.name
