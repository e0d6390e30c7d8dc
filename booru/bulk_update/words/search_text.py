"""Searches as they stand in a script."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from booru.search.language import SearchQuery


def linked(text: str, query: SearchQuery) -> str:
    """The text as a link: to the tag, when the search is one and nothing else, or to the search."""
    return f"{{{{{text}}}}}" if query.simple_tag is None else f"[[{text}]]"
