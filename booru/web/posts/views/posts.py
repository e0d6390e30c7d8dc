"""Posts: search, one post with its tags and history, and edits (behaviour D)."""

from __future__ import annotations

from collections import Counter
from http import HTTPStatus
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render

from booru.models import Favorite, Post, PostVote, Tag
from booru.models.tags.tag import TagCategory
from booru.posts.editing.editor import PostEditor
from booru.web.http.policies import authorize
from booru.web.http.requests import current_user, logged_in_user, wants_json
from booru.web.http.responses import failed_form, json_list, path_of, saved
from booru.web.limits.rate_limits import limited, write_limit
from booru.web.posts.forms import PostForm
from booru.web.posts.policies import PostPolicy
from booru.web.posts.post_changes import with_changes
from booru.web.posts.records import post_record
from booru.web.posts.searches import page_of_posts, post_search_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse

# The order in which a post's tags are listed.
_CATEGORIES = (
    TagCategory.ARTIST,
    TagCategory.COPYRIGHT,
    TagCategory.CHARACTER,
    TagCategory.GENERAL,
    TagCategory.META,
)
_SIDEBAR_TAGS = 25
_VERSIONS = 20
_CHILDREN = 100
_VOTES = ((1, "Vote up"), (-1, "Vote down"))
_WARNING_LENGTH = 500


def index(request: HttpRequest) -> HttpResponse:
    search = post_search_of(request)
    page = page_of_posts(request, search)
    if wants_json(request):
        return json_list([post_record(post) for post in page.items])
    context = {
        "page": page,
        "query": " ".join(search.text.split()),
        "has_syntax_error": search.is_null,
        "tags": _common_tags(page.items),
    }
    return render(request, "posts/index.html", context)


def show(request: HttpRequest, post_id: int) -> HttpResponse:
    post = _find(post_id)
    if wants_json(request):
        return JsonResponse(post_record(post), status=HTTPStatus.OK)
    return render(request, "posts/show.html", _context(request, post, PostForm.showing(post)))


@limited(write_limit)
def update(request: HttpRequest, post_id: int) -> HttpResponse:
    """Unlike Danbooru's, the answer for programs holds the warnings too, when there are any."""
    user = logged_in_user(request)
    post = _find(post_id)
    authorize(PostPolicy(user, post).can_update)
    form = PostForm.from_request(request)
    try:
        result = PostEditor(user).edit_post(post, form.tag_edit(post), form.field_edit(post))
    except ValidationError as error:
        return failed_form(request, form, "posts/show.html", _context(request, post, form), error=error)
    if not wants_json(request):
        for warning in result.warnings:
            messages.warning(request, warning[:_WARNING_LENGTH])
    elif result.warnings:
        return JsonResponse({"warnings": result.warnings})
    return saved(request, path_of(post), "Post updated")


def _find(post_id: int) -> Post:
    return get_object_or_404(Post.objects.select_related("uploader"), pk=post_id)


def _context(request: HttpRequest, post: Post, form: PostForm) -> dict[str, Any]:
    versions = post.versions.select_related("updater", "bulk_update_request").order_by("-version")
    user = current_user(request)
    vote = PostVote.objects.active().filter(post=post, user=user).first() if user else None
    return {
        "post": post,
        "form": form,
        "policy": PostPolicy(request.user, post),
        "tag_groups": _by_category(post.tag_string.split()),
        "edits": with_changes(versions[:_VERSIONS]),
        "children": post.children.order_by("pk")[:_CHILDREN],
        "is_favorite": user is not None and Favorite.objects.filter(post=post, user=user).exists(),
        "vote": vote.score if vote else 0,
        "votes": _VOTES,
        "query": " ".join(request.GET.get("q", "").split()),
    }


def _common_tags(posts: Iterable[Post]) -> list[Tag]:
    """The tags that these posts share most, for the side bar."""
    counts = Counter(name for post in posts for name in post.tag_string.split())
    names = [name for name, _ in counts.most_common(_SIDEBAR_TAGS)]
    rank = {category: place for place, category in enumerate(_CATEGORIES)}
    tags = Tag.objects.filter(name__in=names)
    return sorted(tags, key=lambda tag: (rank.get(TagCategory(tag.category), 9), tag.name))


def _by_category(names: list[str]) -> list[tuple[str, list[Tag]]]:
    known = {tag.name: tag for tag in Tag.objects.filter(name__in=names)}
    # A post may carry a name that lost its tag; it is still shown.
    tags = [known.get(name, Tag(name=name)) for name in names]
    tags.sort(key=lambda tag: (_CATEGORIES.index(TagCategory(tag.category)), tag.name))
    groups = groupby(tags, key=lambda tag: TagCategory(tag.category))
    return [(category.label, list(group)) for category, group in groups]
