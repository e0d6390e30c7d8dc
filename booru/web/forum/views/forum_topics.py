"""Forum topics (behaviour A.15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from booru.models import BulkUpdateRequest, ForumPost, ForumTopic, ForumTopicVisit, Level
from booru.models.forum.forum_post import POSTS_PER_PAGE
from booru.rules.truth_values import truth_value
from booru.web.forum.embeds import Embeds
from booru.web.forum.forms import ForumPostForm, ForumTopicForm
from booru.web.forum.policies import ForumPostPolicy, ForumTopicPolicy
from booru.web.forum.records import forum_topic_record
from booru.web.forum.searches import FORUM_TOPIC_SEARCH
from booru.web.forum.votes import votes_on
from booru.web.http.params import integer
from booru.web.http.policies import authorize
from booru.web.http.requests import current_user, logged_in_user, wants_json
from booru.web.http.responses import created, failed_form, json_list, path_of, saved
from booru.web.limits.rate_limits import limited, write_limit
from booru.web.lists.pagination import paginate
from booru.web.lists.search import search_params, without_blank_fields

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from booru.models import User

_TEXT_FIELDS = {"title": "title", "category_id": "category", "min_level": "min_level"}
_SHOWN_ON_CREATE = ("title", "category_id", "min_level", "body")


def visible_topics(user: User | AnonymousUser) -> QuerySet[ForumTopic]:
    """The topics that a user may read; deleted ones are listed for moderators only."""
    topics: QuerySet[ForumTopic] = ForumTopic.objects.visible_to(user)
    if ForumTopicPolicy(user).level < Level.MODERATOR:
        topics = topics.filter(is_deleted=False)
    return topics.select_related("creator", "updater").order_by("-updated_at", "-pk")


@without_blank_fields
def index(request: HttpRequest) -> HttpResponse:
    policy = ForumTopicPolicy(request.user)
    params = search_params(request)
    topics = visible_topics(request.user)
    if wants_json(request):
        page = paginate(request, FORUM_TOPIC_SEARCH.find(topics, params))
        return json_list([forum_topic_record(topic) for topic in page.items])
    page = paginate(request, FORUM_TOPIC_SEARCH.find(topics, {"order": "sticky"} | params))
    viewer = current_user(request)
    context = {
        "page": page,
        "unread": ForumTopicVisit.objects.unread_among(page.items, viewer) if viewer else (),
        "policy": policy,
        "search": params,
        "categories": ForumTopic.Category.choices,
        "statuses": BulkUpdateRequest.Status.values,
    }
    return render(request, "forum_topics/index.html", context)


def new(request: HttpRequest) -> HttpResponse:
    policy = ForumTopicPolicy(request.user)
    authorize(policy.can_create)
    form = ForumTopicForm()
    form.keep(*_fields(policy.create_fields, _SHOWN_ON_CREATE))
    return render(request, "forum_topics/new.html", {"form": form})


@limited(write_limit)
def create(request: HttpRequest) -> HttpResponse:
    creator = logged_in_user(request)
    policy = ForumTopicPolicy(creator)
    authorize(policy.can_create)
    form = ForumTopicForm.from_request(request, policy.create_fields)
    fields = {"category": 0, "title": "", **_values(form, policy)}
    try:
        topic = ForumTopic.objects.start(creator, body=form.value("body"), **fields)
    except ValidationError as error:
        form.reject(error)
        form.keep(*_fields(policy.create_fields, _SHOWN_ON_CREATE))
        return failed_form(request, form, "forum_topics/new.html")
    return created(request, path_of(topic), forum_topic_record(topic))


def show(request: HttpRequest, topic_id: int) -> HttpResponse:
    topic = _find(topic_id)
    policy = ForumTopicPolicy(request.user, topic)
    authorize(policy.can_show)
    if wants_json(request):
        return JsonResponse(forum_topic_record(topic))
    if viewer := current_user(request):
        ForumTopicVisit.objects.note(viewer, topic)
    form = ForumPostForm(initial={"topic_id": topic.pk})
    return render(request, "forum_topics/show.html", topic_context(request, policy, topic, form))


@limited(write_limit)
def mark_all_as_read(request: HttpRequest) -> HttpResponse:
    viewer = logged_in_user(request)
    authorize(ForumTopicPolicy(viewer).can_mark_all_as_read)
    ForumTopicVisit.objects.mark_all_as_read(viewer)
    return saved(request, reverse("forum_topics"), "All topics marked as read")


def edit(request: HttpRequest, topic_id: int) -> HttpResponse:
    topic = _find(topic_id)
    policy = ForumTopicPolicy(request.user, topic)
    authorize(policy.can_update)
    initial = {"title": topic.title, "category_id": topic.category, "min_level": topic.min_level}
    form = ForumTopicForm(initial=initial)
    form.keep(*_fields(policy.update_fields, tuple(_TEXT_FIELDS)))
    return render(request, "forum_topics/edit.html", {"topic": topic, "form": form})


@limited(write_limit)
def update(request: HttpRequest, topic_id: int) -> HttpResponse:
    editor = logged_in_user(request)
    topic = _find(topic_id)
    policy = ForumTopicPolicy(editor, topic)
    authorize(policy.can_update)
    form = ForumTopicForm.from_request(request, policy.update_fields)
    try:
        topic.edit(editor, **_values(form, policy))
    except ValidationError as error:
        form.reject(error)
        form.keep(*_fields(policy.update_fields, tuple(_TEXT_FIELDS)))
        return failed_form(request, form, "forum_topics/edit.html", {"topic": topic})
    return saved(request, path_of(topic), "Topic updated")


@limited(write_limit)
def hide(request: HttpRequest, topic_id: int) -> HttpResponse:
    return _moderate(request, topic_id, ForumTopic.hide, "Topic deleted")


@limited(write_limit)
def unhide(request: HttpRequest, topic_id: int) -> HttpResponse:
    return _moderate(request, topic_id, ForumTopic.unhide, "Topic undeleted")


def _moderate(
    request: HttpRequest, topic_id: int, change: Callable[[ForumTopic, User], None], notice: str
) -> HttpResponse:
    moderator = logged_in_user(request)
    topic = _find(topic_id)
    authorize(ForumTopicPolicy(moderator, topic).can_moderate)
    change(topic, moderator)
    return saved(request, path_of(topic), notice)


def topic_context(
    request: HttpRequest, policy: ForumTopicPolicy, topic: ForumTopic, form: ForumPostForm
) -> dict[str, object]:
    """What the topic's page shows."""
    posts: QuerySet[ForumPost] = topic.posts.select_related("creator", "updater", "bulk_update_request")
    if policy.level < Level.MODERATOR:
        posts = posts.filter(is_deleted=False)
    page = paginate(request, posts.order_by("pk"), limit=POSTS_PER_PAGE)
    for post in page.items:
        post.topic = topic  # saves a query a post
    embeds = Embeds(post.body for post in page.items)
    votes = votes_on(page.items, request.user)
    return {
        "topic": topic,
        "policy": policy,
        "page": page,
        "posts": [
            {
                "post": post,
                "body": embeds.render(post.body),
                "votes": votes.get(post.pk),
                "policy": ForumPostPolicy(request.user, post),
            }
            for post in page.items
        ],
        "form": form,
    }


def _find(topic_id: int) -> ForumTopic:
    topic: ForumTopic = get_object_or_404(ForumTopic.objects.select_related("creator"), pk=topic_id)
    return topic


def _fields(allowed: tuple[str, ...], shown: tuple[str, ...]) -> list[str]:
    return [name for name in shown if name in allowed]


def _values(form: ForumTopicForm, policy: ForumTopicPolicy) -> dict[str, Any]:
    """What was sent, as the model takes it; -1 stands for a number that is none."""
    values: dict[str, Any] = {}
    if form.sent("title"):
        values["title"] = form.value("title")
    for name in ("category_id", "min_level"):
        if form.sent(name):
            number = integer(form.value(name))
            values[_TEXT_FIELDS[name]] = -1 if number is None else number
    authorize(policy.can_set_min_level(values.get("min_level", 0)))
    for name in ("is_sticky", "is_locked"):
        if form.sent(name):
            values[name] = truth_value(form.value(name)) is True
    return values
