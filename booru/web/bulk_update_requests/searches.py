"""Search and order of bulk update requests (behaviour A.12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import IntegerField, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from booru.models import BulkUpdateRequest, ForumPostVote, User
from booru.web.forum.searches import FORUM_POST_SEARCH, FORUM_TOPIC_SEARCH, PUBLIC_POSTS, PUBLIC_TOPICS
from booru.web.lists.search import Search
from booru.web.lists.search_fields import (
    array,
    belongs_to,
    dates,
    enumeration,
    numbers,
    related,
    texts,
    users,
)
from booru.web.lists.user_search import USER_SEARCH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

# Danbooru's page offers `status_desc` too, which orders by id like any word that means nothing.
ORDERS = ("id_desc", "id_asc", "updated_at_desc", "updated_at_asc", "score_desc", "score_asc")


def search_bulk_update_requests(params: Mapping[str, str]) -> QuerySet[BulkUpdateRequest]:
    """Those that fit every parameter; parameters that mean nothing here are left aside."""
    requests = BulkUpdateRequest.objects.select_related(
        "user", "approver", "forum_topic", "forum_post", "revert"
    )
    return _SEARCH.find(requests.alias(score=_score()), params)


def _score() -> Coalesce:
    """The sum of the votes on its forum post."""
    votes = ForumPostVote.objects.filter(forum_post=OuterRef("forum_post")).order_by().values("forum_post")
    total = Subquery(votes.values(total=Sum("score")), output_field=IntegerField())
    return Coalesce(total, 0)


_SEARCH = Search[BulkUpdateRequest](
    numbers("id", "score"),
    dates("created_at", "updated_at"),
    texts("script"),
    array("tags", "tag"),
    users("user", "approver"),
    belongs_to("forum_topic", "forum_post"),
    enumeration("status", BulkUpdateRequest.Status),
    orders={
        "updated_at_desc": ("-updated_at", "-pk"),
        "updated_at_asc": ("updated_at", "pk"),
        "score": ("-score", "-pk"),
        "score_desc": ("-score", "-pk"),
        "score_asc": ("score", "-pk"),
    },
    related={
        "user": related("user", USER_SEARCH, User.objects.all()),
        "approver": related("approver", USER_SEARCH, User.objects.all()),
        "forum_topic": related("forum_topic", FORUM_TOPIC_SEARCH, PUBLIC_TOPICS),
        "forum_post": related("forum_post", FORUM_POST_SEARCH, PUBLIC_POSTS),
    },
)
