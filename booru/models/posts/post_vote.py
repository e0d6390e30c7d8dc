"""Votes on posts (behaviour N)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from booru.models.base import TimestampedModel
from booru.models.posts.post import Post

if TYPE_CHECKING:
    from collections.abc import Iterable

    from booru.models.accounts.user import User


class PostVoteQuerySet(models.QuerySet["PostVote"]):
    def active(self) -> Self:
        return self.filter(is_deleted=False)

    @transaction.atomic
    def vote(self, user: User, post_ids: Iterable[int], score: int) -> int:
        """Vote posts up (1) or down (-1), instead of the other way; returns how many were not voted so."""
        ids = Post.objects.lock(post_ids)
        self.take_back(user, ids, -score)
        voted = set(self._of(user, ids, score).values_list("post_id", flat=True))
        new = [post_id for post_id in ids if post_id not in voted]
        self.bulk_create([self.model(user=user, post_id=post_id, score=score) for post_id in new])
        _count(new, score, score)
        return len(new)

    @transaction.atomic
    def take_back(self, user: User, post_ids: Iterable[int], score: int | None = None) -> int:
        """The votes of this score, or of any, count no more; returns how many there were."""
        ids = Post.objects.lock(post_ids)
        taken = 0
        for one in (1, -1) if score is None else (score,):
            votes = self._of(user, ids, one)
            found = list(votes.values_list("post_id", flat=True))
            if found:
                votes.update(is_deleted=True, updated_at=timezone.now())
                _count(found, one, -one)
            taken += len(found)
        return taken

    def _of(self, user: User, post_ids: list[int], score: int) -> Self:
        return self.active().filter(user=user, post_id__in=post_ids, score=score)


def _count(post_ids: list[int], score: int, difference: int) -> None:
    """Votes of this score were cast or taken back; down_score is negative."""
    column = "up_score" if score > 0 else "down_score"
    Post.objects.filter(pk__in=post_ids).update(
        score=F("score") + difference, **{column: F(column) + difference}
    )


class PostVote(TimestampedModel):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="post_votes")
    post = models.ForeignKey("booru.Post", models.CASCADE, related_name="votes")
    score = models.SmallIntegerField()
    is_deleted = models.BooleanField(default=False)

    objects = PostVoteQuerySet.as_manager()

    class Meta:
        db_table = "post_votes"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "post"], condition=Q(is_deleted=False), name="unique_post_vote"
            ),
            models.CheckConstraint(condition=Q(score__in=[-1, 1]), name="post_vote_score"),
        ]
