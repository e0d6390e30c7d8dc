"""What of a user's doings goes with a ban (behaviour I.8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from booru.models import ForumPost, ForumTopic, ModAction, Post, PostVote
from booru.rules.text import is_invisible

if TYPE_CHECKING:
    from datetime import datetime

    from booru.models import User

_LATELY = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class BanCleanUp:
    """Pending posts, and forum posts and votes of the last three days, as far as it is said."""

    delete_posts: bool = False
    post_deletion_reason: str = ""
    delete_forum_posts: bool = False
    delete_post_votes: bool = False

    def problems(self, banner: User) -> dict[str, list[str]]:
        """Why it cannot be done, by field."""
        has_no_reason = self.delete_posts and is_invisible(self.post_deletion_reason)
        is_refused = self.delete_post_votes and not banner.is_admin
        return {
            "post_deletion_reason": ["is required"] if has_no_reason else [],
            "delete_post_votes": [f"is not allowed by {banner.level_name}"] if is_refused else [],
        }

    def run(self, user: User, banner: User) -> None:
        """In the transaction of the ban."""
        since = timezone.now() - _LATELY
        pending = Post.objects.filter(uploader=user, is_pending=True, is_deleted=False)
        votes = PostVote.objects.active().filter(user=user, created_at__gt=since)
        pending_ids = list(pending.values_list("pk", flat=True)) if self.delete_posts else []
        voted = dict(votes.values_list("post_id", "pk")) if self.delete_post_votes else {}
        # All at once, because posts are locked in the order of their ids.
        Post.objects.lock({*pending_ids, *voted})
        _delete_posts(pending_ids, self.post_deletion_reason.strip(), banner)
        _delete_votes(user, voted, banner)
        if self.delete_forum_posts:
            _delete_forum_posts(user, since, banner)


def _delete_posts(post_ids: list[int], reason: str, banner: User) -> None:
    posts = Post.objects.filter(pk__in=post_ids, is_deleted=False)
    for post in posts.order_by("pk"):
        description = f"deleted {post}, reason: {reason}"
        ModAction.objects.log(banner, ModAction.Category.POST_DELETE, description, post)
    posts.update(is_deleted=True, is_pending=False, is_flagged=False, updated_at=timezone.now())


def _delete_votes(user: User, voted: dict[int, int], banner: User) -> None:
    """`voted` tells for each post the id of the vote."""
    PostVote.objects.take_back(user, voted)
    for post_id, vote_id in sorted(voted.items()):
        description = f"deleted post vote #{vote_id} on post #{post_id}"
        subject = PostVote(pk=vote_id)
        ModAction.objects.log(banner, ModAction.Category.POST_VOTE_DELETE, description, subject)


def _delete_forum_posts(user: User, since: datetime, banner: User) -> None:
    topics = ForumTopic.objects.filter(creator=user, created_at__gt=since, is_deleted=False)
    for topic in topics.order_by("pk"):
        topic.hide(banner)
    posts = ForumPost.objects.filter(creator=user, created_at__gt=since, is_deleted=False)
    for post in posts.select_related("topic").order_by("topic_id", "pk"):
        # The first post of an older topic stays with it.
        if not post.is_original:
            post.hide(banner)
