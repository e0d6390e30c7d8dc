"""Search of posts and of their versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.models import PostVersion
from booru.posts.search import PostSearch, SearchError
from booru.search.language import SearchQuery
from booru.search.language.tree import Metatag, Not, terms_of
from booru.web.http.errors import Unprocessable
from booru.web.http.requests import current_user
from booru.web.lists.pagination import DEFAULT_LIMIT, MAX_LIMIT, last_row, paginate
from booru.web.lists.search import Search
from booru.web.lists.search_fields import belongs_to, dates, numbers, users

if TYPE_CHECKING:
    from django.http import HttpRequest

    from booru.models import Post, User
    from booru.search.language.tree import Node
    from booru.web.lists.pagination import Page


def visible_posts(request: HttpRequest, text: str) -> PostSearch:
    """A search with what the visitor's settings add to it."""
    user = current_user(request)
    return PostSearch(text, user, _implied_terms(text, user))


def post_search_of(request: HttpRequest) -> PostSearch:
    """The search in `tags=`; Unprocessable when it has more terms than the visitor may use."""
    search = visible_posts(request, request.GET.get("tags", "").strip())
    try:
        search.check_tag_limit()
    except SearchError as error:
        raise Unprocessable(str(error)) from error
    return search


def page_of_posts(request: HttpRequest, search: PostSearch) -> Page[Post]:
    """The page that the request asks for; Unprocessable for terms that cannot be used like that."""
    user = current_user(request)
    limit = min(search.limit or (user.per_page if user else DEFAULT_LIMIT), MAX_LIMIT)
    try:
        posts = search.ordered(last_row(request, limit))
    except SearchError as error:
        raise Unprocessable(str(error)) from error
    return paginate(request, posts, limit=limit)


def _implied_terms(text: str, user: User | None) -> list[Node]:
    """Deleted posts are found only by who wants them, in the settings or by a `status:` (behaviour D.6)."""
    terms: list[Node] = []
    if user and user.enable_safe_mode:
        terms.append(Metatag("rating", "g"))
    if not (user and user.show_deleted_posts) and not _asks_for_status(text):
        terms.append(Not(Metatag("status", "deleted")))
    return terms


def _asks_for_status(text: str) -> bool:
    terms = terms_of(SearchQuery.parse(text).tree)
    return any(
        isinstance(term, Metatag) and (term.name == "status" or (term.name, term.value) == ("is", "deleted"))
        for term in terms
    )


POST_VERSION_SEARCH = Search[PostVersion](
    numbers("id", "version"),
    dates("created_at", "updated_at"),
    belongs_to("post", "bulk_update_request"),
    users("updater"),
)
