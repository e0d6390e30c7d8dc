"""The votes on forum posts, as their pages show them (behaviour A.14)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from booru.models import ForumPostVote
from booru.models.forum.forum_post_vote import VoteTally
from booru.web.forum.policies import ForumPostPolicy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.auth.models import AnonymousUser

    from booru.models import ForumPost, User


@dataclass(frozen=True)
class PostVotes:
    """Who voted on a post, for templates/forum_post_votes/list.html."""

    post: ForumPost
    votes: Sequence[ForumPostVote]
    own: ForumPostVote | None
    can_vote: bool

    @property
    def scores(self) -> list[tuple[int, str, list[ForumPostVote]]]:
        """Each score with those who gave it."""
        return [
            (value, label, [vote for vote in self.votes if vote.score == value])
            for value, label in ForumPostVote.Score.choices
        ]

    @property
    def tally(self) -> VoteTally:
        count = {value: len(votes) for value, _, votes in self.scores}
        return VoteTally(up=count[1], down=count[-1], neutral=count[0])


def votes_on(posts: Sequence[ForumPost], user: User | AnonymousUser) -> dict[int, PostVotes]:
    """The votes on those of the posts that can be voted on, or were, by the posts' ids.

    One query for all, when the posts were read with their topics and requests. A post that the user may not
    see is left out.
    """
    requested = [post for post in posts if getattr(post, "bulk_update_request", None) is not None]
    visible = [post for post in requested if ForumPostPolicy(user, post).can_show]
    votes = ForumPostVote.objects.filter(forum_post__in=[post.pk for post in visible])
    by_post: dict[int, list[ForumPostVote]] = {post.pk: [] for post in visible}
    for vote in votes.select_related("creator").order_by("pk"):
        by_post[vote.forum_post_id].append(vote)
    return {post.pk: _votes_of(post, by_post[post.pk], user) for post in visible}


def votes_on_one(post: ForumPost | None, user: User | AnonymousUser) -> PostVotes | None:
    """As `votes_on` for a single post, which may be missing."""
    return votes_on([post], user).get(post.pk) if post else None


def _votes_of(post: ForumPost, votes: Sequence[ForumPostVote], user: User | AnonymousUser) -> PostVotes:
    own = next((vote for vote in votes if vote.creator_id == user.pk), None)
    return PostVotes(post, votes, own, ForumPostPolicy(user, post).can_vote)
