"""The front page: a search box and what is new."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from booru.models import BulkUpdateRequest, Tag
from booru.web.forum.views.forum_topics import visible_topics
from booru.web.posts.searches import visible_posts

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def index(request: HttpRequest) -> HttpResponse:
    context = {
        "posts": visible_posts(request, "").ordered()[:12],
        "tags": Tag.objects.order_by("-post_count", "name")[:30],
        "burs": BulkUpdateRequest.objects.select_related("user", "forum_topic").order_by("-pk")[:6],
        "topics": visible_topics(request.user)[:6],
    }
    return render(request, "front_page/index.html", context)
