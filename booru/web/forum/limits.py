"""How often one votes in the forum (behaviour A.14)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.models import ForumPostVote
from booru.web.limits.rate_limits import Limit, has_old

if TYPE_CHECKING:
    from booru.models import User


def forum_post_vote_limit(user: User | None) -> Limit:
    bucket = "forum_post_votes:write"
    if user and has_old(ForumPostVote, 24, creator=user):
        return Limit(bucket, 4 / 60, 20)
    return Limit(bucket, 1 / 60, 10)
