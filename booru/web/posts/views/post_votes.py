"""One's own vote on a post (behaviour N)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404

from booru.models import Post, PostVote
from booru.web.http.params import integer, permitted
from booru.web.http.policies import authorize
from booru.web.http.requests import logged_in_user
from booru.web.http.responses import created, path_of, refused, saved
from booru.web.limits.rate_limits import limited, write_limit
from booru.web.posts.policies import PostPolicy
from booru.web.posts.records import post_record

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_SCORES = {1, -1}


@limited(write_limit)
def create(request: HttpRequest, post_id: int) -> HttpResponse:
    user = logged_in_user(request)
    post = get_object_or_404(Post, pk=post_id)
    authorize(PostPolicy(user, post).can_vote)
    text = request.GET.get("score") or permitted(request, "post_vote", ("score",)).get("score", "")
    score = integer(text)
    if score is None or score not in _SCORES:
        error = ValidationError({"score": "is not included in the list"})
        return refused(request, path_of(post), error, "Score")
    PostVote.objects.vote(user, [post.pk], score)
    post.refresh_from_db()
    return created(request, path_of(post), post_record(post))


@limited(write_limit)
def destroy(request: HttpRequest, post_id: int) -> HttpResponse:
    user = logged_in_user(request)
    post = get_object_or_404(Post, pk=post_id)
    authorize(PostPolicy(user, post).can_vote)
    PostVote.objects.take_back(user, [post.pk])
    return saved(request, path_of(post))
