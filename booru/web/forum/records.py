"""Topics, posts and votes as programs get them (behaviour N)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from booru.web.lists.records import columns

if TYPE_CHECKING:
    from booru.models import ForumPost, ForumPostVote, ForumTopic

_FORUM_TOPIC_COLUMNS = (
    *("id", "created_at", "updated_at", "creator_id", "updater_id", "title", "response_count", "is_sticky"),
    *("is_locked", "is_deleted", "min_level"),
)
_FORUM_POST_COLUMNS = (
    *("id", "created_at", "updated_at", "topic_id", "creator_id", "updater_id", "body", "is_deleted"),
)
_FORUM_POST_VOTE_COLUMNS = ("id", "created_at", "updated_at", "forum_post_id", "creator_id", "score")


def forum_topic_record(topic: ForumTopic) -> dict[str, Any]:
    return {**columns(topic, _FORUM_TOPIC_COLUMNS), "category_id": topic.category}


def forum_post_record(post: ForumPost) -> dict[str, Any]:
    return columns(post, _FORUM_POST_COLUMNS)


def forum_post_vote_record(vote: ForumPostVote) -> dict[str, Any]:
    return columns(vote, _FORUM_POST_VOTE_COLUMNS)
