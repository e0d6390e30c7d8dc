"""Votes on the forum posts of bulk update requests (behaviour A.14)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render

from booru.models import ForumPost, ForumPostVote
from booru.web.forum.limits import forum_post_vote_limit
from booru.web.forum.policies import ForumPostPolicy, ForumPostVotePolicy
from booru.web.forum.records import forum_post_vote_record
from booru.web.forum.searches import FORUM_POST_VOTE_SEARCH
from booru.web.http.params import integer, permitted
from booru.web.http.policies import authorize
from booru.web.http.requests import local_url, logged_in_user, wants_json
from booru.web.http.responses import created, json_list, path_of, refused, saved
from booru.web.limits.rate_limits import limited
from booru.web.lists.pagination import paginate
from booru.web.lists.search import search_params, without_blank_fields

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_LABEL = "Your vote"


@without_blank_fields
def index(request: HttpRequest) -> HttpResponse:
    params = search_params(request)
    visible = ForumPost.objects.visible_to(request.user)
    votes = ForumPostVote.objects.filter(forum_post__in=visible).select_related("creator", "forum_post")
    page = paginate(request, FORUM_POST_VOTE_SEARCH.find(votes, params))
    if wants_json(request):
        return json_list([forum_post_vote_record(vote) for vote in page.items])
    return render(request, "forum_post_votes/index.html", {"page": page, "search": params})


def show(request: HttpRequest, vote_id: int) -> HttpResponse:
    vote = _find(vote_id)
    authorize(ForumPostVotePolicy(request.user, vote).can_show)
    if wants_json(request):
        return JsonResponse(forum_post_vote_record(vote))
    return HttpResponseRedirect(path_of(vote.forum_post))


@limited(forum_post_vote_limit)
def create(request: HttpRequest) -> HttpResponse:
    voter = logged_in_user(request)
    fields = permitted(request, "forum_post_vote", ("score", "forum_post_id", "url"))
    post = _post(request.GET.get("forum_post_id") or fields.get("forum_post_id", ""))
    authorize(ForumPostPolicy(voter, post).can_vote)
    to = local_url(fields.get("url", "")) or path_of(post)
    try:
        vote = ForumPostVote.objects.cast(post, voter, _score(fields.get("score", "")))
    except ValidationError as error:
        return refused(request, to, error, _LABEL)
    return created(request, to, forum_post_vote_record(vote))


@limited(forum_post_vote_limit)
def destroy(request: HttpRequest, vote_id: int) -> HttpResponse:
    vote = _find(vote_id)
    authorize(ForumPostVotePolicy(request.user, vote).can_destroy)
    fields = permitted(request, "forum_post_vote", ("url",))
    to = local_url(fields.get("url", "")) or path_of(vote.forum_post)
    vote.delete()
    return saved(request, to)


def _score(text: str) -> int:
    score = integer(text)
    if score is None:
        raise ValidationError({"score": "is not included in the list"})
    return score


def _post(text: str) -> ForumPost:
    posts = ForumPost.objects.select_related("topic", "bulk_update_request")
    post: ForumPost = get_object_or_404(posts, pk=integer(text))
    return post


def _find(vote_id: int) -> ForumPostVote:
    votes = ForumPostVote.objects.select_related("forum_post__topic", "forum_post__bulk_update_request")
    return get_object_or_404(votes, pk=vote_id)
