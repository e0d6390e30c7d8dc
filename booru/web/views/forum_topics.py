"""Forum topics (behaviour A.15)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, render

from booru.models import ForumPost, ForumTopic, Level
from booru.web.embeds import BulkUpdateRequestEmbeds
from booru.web.forms.forum import ForumPostForm
from booru.web.pagination import paginate
from booru.web.policies import ForumTopicPolicy, authorize

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse


def visible_topics(level: int) -> QuerySet[ForumTopic]:
    """The topics that a user of this level may read, the latest reply first."""
    topics: QuerySet[ForumTopic] = ForumTopic.objects.filter(min_level__lte=level, is_deleted=False)
    return topics.select_related("creator", "updater").order_by("-updated_at", "-pk")


def index(request: HttpRequest) -> HttpResponse:
    page = paginate(request, visible_topics(ForumTopicPolicy(request.user).level), limit=40)
    return render(request, "forum_topics/index.html", {"page": page})


def show(request: HttpRequest, topic_id: int) -> HttpResponse:
    topic = get_object_or_404(ForumTopic.objects.select_related("creator"), pk=topic_id)
    policy = ForumTopicPolicy(request.user, topic)
    authorize(policy.can_show)
    form = ForumPostForm(initial={"topic_id": topic.pk})
    return render(request, "forum_topics/show.html", topic_context(request, policy, topic, form))


def topic_context(
    request: HttpRequest, policy: ForumTopicPolicy, topic: ForumTopic, form: ForumPostForm
) -> dict[str, object]:
    """What the topic's page shows."""
    posts: QuerySet[ForumPost] = topic.posts.select_related("creator").order_by("pk")
    if policy.level < Level.MODERATOR:
        posts = posts.filter(is_deleted=False)
    page = paginate(request, posts, limit=POSTS_PER_PAGE)
    embeds = BulkUpdateRequestEmbeds(post.body for post in page.items)
    return {
        "topic": topic,
        "policy": policy,
        "page": page,
        "posts": [(post, embeds.render(post.body)) for post in page.items],
        "form": form,
    }


POSTS_PER_PAGE = 40
