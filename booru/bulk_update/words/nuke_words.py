"""Targets of a nuke that it could not remove from any post."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.bulk_update.words.edit_words import edit_problem
from booru.bulk_update.words.search_words import search_problem
from booru.bulk_update.words.unknown_names import names_of_no_tag
from booru.posts.tag_edits.tag_edit import TagEdit

if TYPE_CHECKING:
    from booru.bulk_update.checking.picture import Picture
    from booru.search.language import SearchQuery


def nuke_problem(target: str, query: SearchQuery, picture: Picture) -> str:
    """What is wrong with a target that is no pool, and can be read; "" when nothing is.

    A tag that does not exist is fine. Anything else is a search, and with a minus before it the edit.
    """
    if query.simple_tag is not None:
        return next(names_of_no_tag([query.simple_tag], picture), "")
    if problem := search_problem(query, picture):
        return problem
    edit = TagEdit.parse(f"-{target}")
    problem = edit_problem(f"-{target}", edit, picture)
    return f"{{{{{query}}}}} can't be removed from posts" if edit.unread else problem
