"""Votes on forum posts, by which users judge a bulk update request (behaviour A.14)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from booru.models.base import TimestampedModel
from booru.models.forum import ForumPost


class ForumPostVote(TimestampedModel):
    forum_post = models.ForeignKey(ForumPost, models.CASCADE, related_name="votes")
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    score = models.SmallIntegerField()

    class Meta:
        db_table = "forum_post_votes"
        constraints = [
            models.UniqueConstraint(fields=["forum_post", "creator"], name="unique_forum_post_vote"),
            models.CheckConstraint(condition=Q(score__in=[-1, 0, 1]), name="forum_post_vote_score"),
        ]
