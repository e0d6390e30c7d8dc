"""Favorites of posts (behaviour N)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F

from booru.models.accounts.user import User
from booru.models.posts.post import Post
from booru.models.posts.post_vote import PostVote

if TYPE_CHECKING:
    from collections.abc import Iterable


class FavoriteManager(models.Manager["Favorite"]):
    def create_for(self, user: User, post: Post) -> None:
        """Raises ValidationError for a post that is a favorite already."""
        if not self.add(user, [post.pk]):
            raise ValidationError({"user": "have already favorited this post"})

    @transaction.atomic
    def add(self, user: User, post_ids: Iterable[int]) -> int:
        """Make these posts favorites, and vote them up; returns how many were none before."""
        ids = Post.objects.lock(post_ids)
        known = set(self.filter(user=user, post_id__in=ids).values_list("post_id", flat=True))
        new = [post_id for post_id in ids if post_id not in known]
        self.bulk_create([self.model(user=user, post_id=post_id) for post_id in new])
        Post.objects.filter(pk__in=new).update(fav_count=F("fav_count") + 1)
        if user.is_in_good_standing:
            PostVote.objects.vote(user, new, 1)
        _count(user, len(new))
        return len(new)

    @transaction.atomic
    def remove(self, user: User, post_ids: Iterable[int]) -> int:
        """Favorites no more, and no more voted up; returns how many were favorites."""
        ids = Post.objects.lock(post_ids)
        found = list(self.filter(user=user, post_id__in=ids).values_list("post_id", flat=True))
        self.filter(user=user, post_id__in=found).delete()
        Post.objects.filter(pk__in=found).update(fav_count=F("fav_count") - 1)
        PostVote.objects.take_back(user, found, 1)
        _count(user, -len(found))
        return len(found)


def _count(user: User, difference: int) -> None:
    # Last, because everybody who acts as this user waits for it.
    if difference:
        User.objects.filter(pk=user.pk).update(favorite_count=F("favorite_count") + difference)


class Favorite(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="favorites")
    post = models.ForeignKey("booru.Post", models.CASCADE, related_name="favorites")

    objects: ClassVar[FavoriteManager] = FavoriteManager()

    class Meta:
        db_table = "favorites"
        constraints = [models.UniqueConstraint(fields=["user", "post"], name="unique_favorite")]
