"""Refuses searches whose terms cannot be used like that (behaviour D.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.models import Level
from booru.posts.search.errors import SearchError
from booru.posts.search.orders import same_order
from booru.search.language.tree import And, Metatag, Not, Or, terms_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from booru.models import User
    from booru.search.language import SearchQuery
    from booru.search.language.tree import Node

ORDERS = ("order", "ordfav", "ordfavgroup", "ordpool")
ONCE = (*ORDERS, "limit", "random")
# They cost little, so they do not count towards the number of terms.
FREE_METATAGS = frozenset(
    {
        *("status", "rating", "limit", "is", "id", "date", "age", "filesize", "filetype", "parent", "child"),
        *("md5", "width", "height", "duration", "mpixels", "ratio", "score", "upvote", "downvotes"),
        *("favcount", "embedded", "tagcount", "pixiv_id", "pixiv"),
    }
)


def check_metatags(query: SearchQuery) -> None:
    """Raises SearchError. Expects a tree in which only single terms are negated."""
    once = [term for term in terms_of(query.tree) if isinstance(term, Metatag) and term.name in ONCE]
    names = [name for name in ORDERS if any(term.name == name for term in once)]
    if len(names) > 1:
        raise SearchError(f"{_sentence(names)} can't be used together.")
    meant: dict[str, str] = {}
    # No term is compared with every other: there may be thousands.
    for term in dict.fromkeys(once):
        if meant.setdefault(term.name, _meant(term)) != _meant(term):
            raise SearchError(f"'{term.name}:' can't be used more than once.")
    for term, problem in _misplaced(query.tree):
        if term.name in ONCE:
            raise SearchError(f"'{term}' can't be {problem}.")


def check_tag_limit(query: SearchQuery, user: User | None) -> None:
    """Raises SearchError when there are more terms than somebody of this level may use."""
    limit = tag_limit(user)
    if limit is None or query.is_empty or query.has_single_tag:
        return
    terms = terms_of(query.tree)
    counted = [term for term in terms if not isinstance(term, Metatag) or term.name not in FREE_METATAGS]
    if len(counted) > limit:
        raise SearchError(f"You cannot search for more than {limit} tags at a time.")


def tag_limit(user: User | None) -> int | None:
    level = user.level if user else Level.ANONYMOUS
    if level >= Level.PLATINUM:
        return None
    return 6 if level >= Level.GOLD else 2


def _meant(term: Metatag) -> str:
    """One spelling for all values that mean the same."""
    if term.name == "order":
        return same_order(term.value)
    if term.name in {"limit", "random"}:
        return term.value.strip().lstrip("0")
    # Names of users, pools and groups.
    return "_".join(term.value.lower().split())


def _misplaced(node: Node, *, is_in_or: bool = False) -> Iterator[tuple[Metatag, str]]:
    match node:
        case Not(Metatag() as term):
            yield term, "negated"
        case Metatag() if is_in_or:
            yield node, "used with the 'or' operator"
        case And(children):
            for child in children:
                yield from _misplaced(child, is_in_or=is_in_or)
        case Or(children):
            for child in children:
                yield from _misplaced(child, is_in_or=True)


def _sentence(words: list[str]) -> str:
    """`a and b`; `a, b, and c`"""
    if len(words) < 3:
        return " and ".join(words)
    return f"{', '.join(words[:-1])}, and {words[-1]}"
