"""Finds posts by the search language, in SQL alone (behaviour D.5, D.6)."""

from booru.posts.search import saved_searches  # noqa: F401 -- registers its metatag
from booru.posts.search.errors import SearchError
from booru.posts.search.post_search import PostSearch

__all__ = ["PostSearch", "SearchError"]
