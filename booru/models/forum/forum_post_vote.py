"""Votes on forum posts, by which users judge a bulk update request (behaviour A.14)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Count, Q

from booru.models.base import TimestampedModel
from booru.models.forum.forum_post import ForumPost

if TYPE_CHECKING:
    from collections.abc import Iterable

    from booru.models.accounts.user import User


@dataclass(frozen=True, slots=True)
class VoteTally:
    """How many voted for, against and neither."""

    up: int = 0
    down: int = 0
    neutral: int = 0

    @property
    def total(self) -> int:
        return self.up + self.down + self.neutral


class ForumPostVoteManager(models.Manager["ForumPostVote"]):
    def cast(self, forum_post: ForumPost, creator: User, score: int) -> ForumPostVote:
        """Save a vote; raises ValidationError for a second one of the same user and for a wrong score."""
        if score not in ForumPostVote.Score.values:
            raise ValidationError({"score": "is not included in the list"})
        try:
            with transaction.atomic():
                return self.create(forum_post=forum_post, creator=creator, score=score)
        except IntegrityError:
            raise ValidationError({"creator": "has already been taken"}) from None

    def tallies(self, forum_post_ids: Iterable[int]) -> dict[int, VoteTally]:
        """What the votes on each of the posts come to, with one query; posts without votes are left out."""
        scores = ForumPostVote.Score
        rows = (
            self.filter(forum_post__in=list(forum_post_ids))
            .order_by()
            .values_list("forum_post_id")
            .annotate(
                up=Count("pk", filter=Q(score=scores.UP)),
                down=Count("pk", filter=Q(score=scores.DOWN)),
                neutral=Count("pk", filter=Q(score=scores.NEUTRAL)),
            )
        )
        return {forum_post_id: VoteTally(*counts) for forum_post_id, *counts in rows}


class ForumPostVote(TimestampedModel):
    class Score(models.IntegerChoices):
        UP = 1, "+1"
        NEUTRAL = 0, "0"
        DOWN = -1, "-1"

    forum_post = models.ForeignKey(ForumPost, models.CASCADE, related_name="votes")
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    score = models.SmallIntegerField()

    objects: ClassVar[ForumPostVoteManager] = ForumPostVoteManager()

    class Meta:
        db_table = "forum_post_votes"
        constraints = [
            models.UniqueConstraint(fields=["forum_post", "creator"], name="unique_forum_post_vote"),
            models.CheckConstraint(condition=Q(score__in=[-1, 0, 1]), name="forum_post_vote_score"),
        ]

    def __str__(self) -> str:
        return f"{self.score:+d}" if self.score else "0"
