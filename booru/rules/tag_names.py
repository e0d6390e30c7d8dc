"""What a tag may be called, and the words in its name (behaviour C.1, C.2, C.6)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from booru.rules.metatags import EDIT_METATAGS, SEARCH_METATAGS

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_LENGTH = 170
COSPLAY = "_(cosplay)"
STYLE = "_(style)"

_SMILEYS = {":)", ":(", ";)", ";(", ">:)", ">:("}
_RESERVED = {"new", "search", "and", "or", "not"}
_FORBIDDEN_FIRST = "-~_`%(){}[]/"
_METATAG = [
    re.compile(f"({'|'.join(map(re.escape, names))}):.", re.DOTALL)
    for names in (SEARCH_METATAGS, EDIT_METATAGS)
]
_WORDY = re.compile(r"[a-zA-Z0-9]{2}")
_BETWEEN_WORDS = re.compile(r"[\W_]*[ _+:;!./()\-]+[\W_]*")
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")


class CosplayBase(NamedTuple):
    """The existing tag that `<base>_(cosplay)` is named after."""

    aliased_to: str | None
    is_character: bool
    is_empty: bool


def normalize_tag_name(name: str) -> str:
    """Lower case, no space around it, `_` for each space inside."""
    return name.strip().lower().replace(" ", "_")


def tag_name_errors(name: str, cosplay_base: Callable[[str], CosplayBase | None] | None = None) -> list[str]:
    """What is wrong with a name for a tag; nothing, when it is good.

    cosplay_base looks up the tag that a cosplay tag is named after; without it that rule is not applied.
    """
    name = normalize_tag_name(name)
    errors = []
    if len(name) > MAX_LENGTH:
        errors.append(f"'{name}' cannot be more than {MAX_LENGTH} characters long")
    if not has_balanced_parentheses(name):
        errors.append(f"'{name}' cannot have unbalanced parentheses")
    problem = _spelling_problem(name) or _meaning_problem(name)
    if problem is None and cosplay_base is not None:
        problem = _cosplay_problem(name, cosplay_base)
    return [*errors, problem] if problem else errors


def words_of(name: str) -> list[str]:
    """The words in a tag's name; a smiley and the like is one word."""
    if not _WORDY.search(name):
        return [name]
    return [word for part in _BETWEEN_WORDS.split(name) if (word := _EDGES.sub("", part))]


def has_balanced_parentheses(name: str) -> bool:
    """Every parenthesis has its partner, or is part of a smiley."""
    return name in _SMILEYS or _is_balanced(name)


def _is_balanced(name: str) -> bool:
    depth = 0
    for character in name:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth < 0:
            return False
    return depth == 0


def _spelling_problem(name: str) -> str | None:
    rules = [
        (not name.strip("_"), "cannot be blank"),
        ("*" in name, f"'{name}' cannot contain asterisks ('*')"),
        ("," in name, f"'{name}' cannot contain commas (',')"),
        (name[:1] in _FORBIDDEN_FIRST, f"'{name}' cannot begin with a '{name[:1]}'"),
        (name.endswith("_"), f"'{name}' cannot end with an underscore"),
        ("__" in name, f"'{name}' cannot contain consecutive underscores"),
        (not _is_graphical(name), f"'{name}' cannot contain non-printable characters"),
        (not name.isascii(), f"'{name}' must consist of only ASCII characters"),
    ]
    return next((message for broken, message in rules if broken), None)


def _is_graphical(name: str) -> bool:
    return name.isprintable() and " " not in name


def _meaning_problem(name: str) -> str | None:
    for pattern in _METATAG:
        if match := pattern.match(name):
            return f"'{name}' cannot begin with '{match[1]}:'"
    if name in _RESERVED:
        return f"'{name}' is a reserved name and cannot be used"
    return None


def _cosplay_problem(name: str, cosplay_base: Callable[[str], CosplayBase | None]) -> str | None:
    if not name.endswith(COSPLAY):
        return None
    base_name = name.removesuffix(COSPLAY)
    base = cosplay_base(base_name)
    if base is None:
        return None
    if base.aliased_to is not None:
        return f"'{name}' is not allowed because '{base_name}' is aliased to '{base.aliased_to}'"
    if not base.is_empty and not base.is_character:
        return f"'{name}' is not allowed because '{base_name}' is not a character tag"
    return None
