"""Posts: search, and one post with its tags and history (behaviour D)."""

from __future__ import annotations

from collections import Counter
from http import HTTPStatus
from itertools import groupby
from typing import TYPE_CHECKING

from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render

from booru.models import Post, Tag
from booru.models.tag import TagCategory
from booru.web.json_records import post_record
from booru.web.post_search import page_of_posts, post_search_of
from booru.web.requests import wants_json
from booru.web.responses import json_list

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
_VERSIONS = 50


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
    post = get_object_or_404(Post.objects.select_related("uploader"), pk=post_id)
    if wants_json(request):
        return JsonResponse(post_record(post), status=HTTPStatus.OK)
    versions = post.versions.select_related("updater", "bulk_update_request").order_by("-version")
    context = {
        "post": post,
        "tag_groups": _by_category(post.tag_string.split()),
        "versions": versions[:_VERSIONS],
        "query": " ".join(request.GET.get("q", "").split()),
    }
    return render(request, "posts/show.html", context)


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
