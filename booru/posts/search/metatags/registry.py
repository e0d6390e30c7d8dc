"""Knows which function makes the condition of which metatag."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from collections.abc import Callable

    from booru.posts.search.searcher import Searcher
    from booru.search.language.tree import Metatag

    Condition = Callable[[Metatag, Searcher], Q]

_CONDITIONS: dict[str, Condition] = {}


def metatag(*names: str) -> Callable[[Condition], Condition]:
    """Marks the function that makes the condition of metatags of these names.

    A value that means nothing must match nothing.
    """

    def register(condition: Condition) -> Condition:
        _CONDITIONS.update(dict.fromkeys(names, condition))
        return condition

    return register


def names() -> set[str]:
    """The metatags that have a condition."""
    return set(_CONDITIONS)


def condition_of(term: Metatag, searcher: Searcher) -> Q:
    """Metatags that only order or limit what is found are no condition."""
    condition = _CONDITIONS.get(term.name)
    return condition(term, searcher) if condition else Q()
