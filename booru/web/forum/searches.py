"""Search of forum topics, posts and votes (behaviour A.14, A.15)."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from booru.models import BulkUpdateRequest, ForumPost, ForumPostVote, ForumTopic, User
from booru.web.lists.search import Search
from booru.web.lists.search_fields import (
    belongs_to,
    booleans,
    dates,
    enumeration,
    numbers,
    related,
    texts,
    users,
)
from booru.web.lists.user_search import USER_SEARCH


def _has_requests(text: str) -> Q:
    """Topics of bulk update requests that are in one of these states."""
    states = [status.strip().lower() for status in text.split(",")]
    requests = BulkUpdateRequest.objects.filter(forum_topic=OuterRef("pk"), status__in=states)
    return Q(Exists(requests))


FORUM_TOPIC_SEARCH = Search[ForumTopic](
    numbers("id", "response_count", "min_level"),
    dates("created_at", "updated_at"),
    texts("title"),
    booleans("is_sticky", "is_locked", "is_deleted"),
    enumeration("category", ForumTopic.Category),
    users("creator", "updater"),
    {"status": _has_requests},
    related={name: related(name, USER_SEARCH, User.objects.all()) for name in ("creator", "updater")},
    orders={"sticky": ("-is_sticky", "-updated_at", "-pk")},
    default_order=("-updated_at", "-pk"),
)

_USERS = User.objects.all()
# A search of posts must not tell what topics of a higher level are called.
PUBLIC_TOPICS = ForumTopic.objects.filter(min_level=0, is_deleted=False)
PUBLIC_POSTS = ForumPost.objects.filter(topic__in=PUBLIC_TOPICS, is_deleted=False)

FORUM_POST_SEARCH = Search[ForumPost](
    numbers("id"),
    dates("created_at", "updated_at"),
    texts("body"),
    booleans("is_deleted"),
    belongs_to("topic"),
    users("creator", "updater"),
    related={
        "topic": related("topic", FORUM_TOPIC_SEARCH, PUBLIC_TOPICS),
        "creator": related("creator", USER_SEARCH, _USERS),
        "updater": related("updater", USER_SEARCH, _USERS),
    },
)
FORUM_POST_VOTE_SEARCH = Search[ForumPostVote](
    numbers("id", "score"),
    dates("created_at", "updated_at"),
    belongs_to("forum_post"),
    users("creator"),
    related={
        "forum_post": related("forum_post", FORUM_POST_SEARCH, PUBLIC_POSTS),
        "creator": related("creator", USER_SEARCH, _USERS),
    },
)
