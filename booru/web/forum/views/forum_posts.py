"""Forum posts (behaviour A.15)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from booru.models import ForumPost, ForumTopic, Level
from booru.models.forum.forum_post import POSTS_PER_PAGE
from booru.web.forum.embeds import Embeds
from booru.web.forum.forms import ForumPostEditForm, ForumPostForm
from booru.web.forum.policies import ForumPostPolicy, ForumTopicPolicy
from booru.web.forum.records import forum_post_record
from booru.web.forum.searches import FORUM_POST_SEARCH
from booru.web.forum.views.forum_topics import topic_context
from booru.web.http.params import integer
from booru.web.http.policies import authorize
from booru.web.http.requests import logged_in_user, wants_json
from booru.web.http.responses import created, failed_form, json_list, refused, saved
from booru.web.limits.rate_limits import limited, write_limit
from booru.web.lists.pagination import paginate
from booru.web.lists.search import search_params, without_blank_fields

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from booru.models import User


@without_blank_fields
def index(request: HttpRequest) -> HttpResponse:
    params = search_params(request)
    posts = ForumPost.objects.visible_to(request.user).select_related("creator", "topic")
    page = paginate(request, FORUM_POST_SEARCH.find(posts, params))
    if wants_json(request):
        return json_list([forum_post_record(post) for post in page.items])
    embeds = Embeds(post.body for post in page.items)
    context = {
        "page": page,
        "search": params,
        "posts": [(post, embeds.render(post.body)) for post in page.items],
    }
    return render(request, "forum_posts/index.html", context)


def show(request: HttpRequest, post_id: int) -> HttpResponse:
    """A post is shown among the others of its topic."""
    post = _find(post_id)
    authorize(ForumPostPolicy(request.user, post).can_show)
    if wants_json(request):
        return JsonResponse(forum_post_record(post))
    return HttpResponseRedirect(_place_in_topic(request, post))


@limited(write_limit)
def create(request: HttpRequest) -> HttpResponse:
    creator = logged_in_user(request)
    form = ForumPostForm.from_request(request)
    topic = get_object_or_404(ForumTopic, pk=integer(form.value("topic_id")))
    policy = ForumTopicPolicy(creator, topic)
    authorize(policy.can_reply)
    try:
        post = ForumPost.objects.create_reply(topic, creator, form.value("body"))
    except ValidationError as error:
        context = topic_context(request, policy, topic, form)
        return failed_form(request, form, "forum_topics/show.html", context, error=error)
    return created(request, _place_in_topic(request, post), forum_post_record(post))


def edit(request: HttpRequest, post_id: int) -> HttpResponse:
    post = _find(post_id)
    authorize(ForumPostPolicy(request.user, post).can_update)
    form = ForumPostEditForm(initial={"body": post.body})
    return render(request, "forum_posts/edit.html", {"post": post, "form": form})


@limited(write_limit)
def update(request: HttpRequest, post_id: int) -> HttpResponse:
    editor = logged_in_user(request)
    post = _find(post_id)
    authorize(ForumPostPolicy(editor, post).can_update)
    form = ForumPostEditForm.from_request(request)
    try:
        if form.sent("body"):
            post.edit(editor, form.value("body"))
    except ValidationError as error:
        return failed_form(request, form, "forum_posts/edit.html", {"post": post}, error=error)
    return saved(request, _place_in_topic(request, post))


@limited(write_limit)
def hide(request: HttpRequest, post_id: int) -> HttpResponse:
    return _moderate(request, post_id, ForumPost.hide, "Post deleted")


@limited(write_limit)
def unhide(request: HttpRequest, post_id: int) -> HttpResponse:
    return _moderate(request, post_id, ForumPost.unhide, "Post undeleted")


def _moderate(
    request: HttpRequest, post_id: int, change: Callable[[ForumPost, User], None], notice: str
) -> HttpResponse:
    moderator = logged_in_user(request)
    post = _find(post_id)
    authorize(ForumPostPolicy(moderator, post).can_moderate)
    try:
        change(post, moderator)
    except ValidationError as error:
        return refused(request, _place_in_topic(request, post), error)
    return saved(request, _place_in_topic(request, post), notice)


def _find(post_id: int) -> ForumPost:
    post: ForumPost = get_object_or_404(ForumPost.objects.select_related("topic"), pk=post_id)
    return post


def _place_in_topic(request: HttpRequest, post: ForumPost) -> str:
    earlier = ForumPost.objects.filter(topic_id=post.topic_id, pk__lt=post.pk)
    if ForumPostPolicy(request.user).level < Level.MODERATOR:
        earlier = earlier.filter(is_deleted=False)
    page = earlier.count() // POSTS_PER_PAGE + 1
    query = f"?page={page}" if page > 1 else ""
    return reverse("forum_topic", args=[post.topic_id]) + f"{query}#forum_post_{post.pk}"
