"""Searches for posts as pages ask for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.posts.search import PostSearch, SearchError
from booru.web.errors import Unprocessable
from booru.web.pagination import DEFAULT_LIMIT, MAX_LIMIT, last_row, paginate
from booru.web.requests import current_user

if TYPE_CHECKING:
    from django.http import HttpRequest

    from booru.models import Post
    from booru.web.pagination import Page


def post_search_of(request: HttpRequest) -> PostSearch:
    """The search in `tags=`; Unprocessable when it has more terms than the visitor may use."""
    search = PostSearch(request.GET.get("tags", "").strip(), current_user(request))
    try:
        search.check_tag_limit()
    except SearchError as error:
        raise Unprocessable(str(error)) from error
    return search


def page_of_posts(request: HttpRequest, search: PostSearch) -> Page[Post]:
    """The page that the request asks for; Unprocessable for terms that cannot be used like that."""
    limit = min(search.limit or DEFAULT_LIMIT, MAX_LIMIT)
    try:
        posts = search.ordered(last_row(request, limit))
    except SearchError as error:
        raise Unprocessable(str(error)) from error
    return paginate(request, posts, limit=limit)
