"""One's own favorites (behaviour N)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404

from booru.models import Favorite, Post
from booru.web.http.params import integer, permitted
from booru.web.http.policies import authorize
from booru.web.http.requests import logged_in_user
from booru.web.http.responses import created, path_of, refused, saved
from booru.web.limits.rate_limits import limited, write_limit
from booru.web.posts.policies import PostPolicy
from booru.web.posts.records import post_record

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_LABEL = "You"


@limited(write_limit)
def create(request: HttpRequest) -> HttpResponse:
    user = logged_in_user(request)
    post_id = request.GET.get("post_id") or permitted(request, "favorite", ("post_id",)).get("post_id", "")
    post = get_object_or_404(Post, pk=integer(post_id))
    authorize(PostPolicy(user, post).can_vote)
    try:
        Favorite.objects.create_for(user, post)
    except ValidationError as error:
        return refused(request, path_of(post), error, _LABEL)
    post.refresh_from_db()
    return created(request, path_of(post), post_record(post), "You have favorited this post")


@limited(write_limit)
def destroy(request: HttpRequest, post_id: int) -> HttpResponse:
    user = logged_in_user(request)
    post = get_object_or_404(Post, pk=post_id)
    authorize(PostPolicy(user, post).can_vote)
    Favorite.objects.remove(user, [post.pk])
    return saved(request, path_of(post), "You have unfavorited this post")
