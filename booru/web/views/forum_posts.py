"""Forum posts (behaviour A.15)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from booru.models import ForumPost, ForumTopic, Level
from booru.web.forms.forum import ForumPostForm
from booru.web.policies import ForumPostPolicy, ForumTopicPolicy, authorize
from booru.web.rate_limits import limited, write_limit
from booru.web.requests import logged_in_user
from booru.web.responses import failed_form, redirect_with_notice
from booru.web.views.forum_topics import POSTS_PER_PAGE, topic_context

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def show(request: HttpRequest, post_id: int) -> HttpResponse:
    """A post is shown among the others of its topic."""
    post = get_object_or_404(ForumPost.objects.select_related("topic"), pk=post_id)
    authorize(ForumPostPolicy(request.user, post).can_show)
    return HttpResponseRedirect(_place_in_topic(request, post))


@limited(write_limit)
def create(request: HttpRequest) -> HttpResponse:
    creator = logged_in_user(request)
    form = ForumPostForm.from_request(request)
    topic = _topic(form.value("topic_id"))
    policy = ForumTopicPolicy(creator, topic)
    authorize(policy.can_reply)
    try:
        post = ForumPost.objects.create_reply(topic, creator, form.value("body"))
    except ValidationError as error:
        form.reject(error)
        context = topic_context(request, policy, topic, form)
        return failed_form(request, form, "forum_topics/show.html", context)
    return redirect_with_notice(request, _place_in_topic(request, post))


def _topic(text: str) -> ForumTopic:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Http404
    return get_object_or_404(ForumTopic, pk=int(text))


def _place_in_topic(request: HttpRequest, post: ForumPost) -> str:
    earlier = ForumPost.objects.filter(topic_id=post.topic_id, pk__lt=post.pk)
    if ForumPostPolicy(request.user).level < Level.MODERATOR:
        earlier = earlier.filter(is_deleted=False)
    page = earlier.count() // POSTS_PER_PAGE + 1
    query = f"?page={page}" if page > 1 else ""
    return reverse("forum_topic", args=[post.topic_id]) + f"{query}#forum_post_{post.pk}"
