"""The language in which posts are searched, as text and as a tree; it knows nothing of the database."""

from booru.search.language.query import SearchQuery, normalize_search

__all__ = ["SearchQuery", "normalize_search"]
