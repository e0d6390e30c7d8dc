"""Reads tags from lines `name,category,post_count,"alias,alias"`, the format of tag completion tools."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from booru.models.tags.tag import TagCategory
from booru.rules.tag_names import MAX_LENGTH, normalize_tag_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MAX_COUNT = 2**31 - 1
# What would mean something else in a search.
_FORBIDDEN_FIRST, _FORBIDDEN = "-~", "*,"


@dataclass(frozen=True, slots=True)
class TagLine:
    """A tag with its aliases, names in their normal form."""

    number: int
    name: str
    category: TagCategory
    post_count: int
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line, or one alias on it, that is left out, and why."""

    number: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.number}: {self.reason}"


def read_tags(lines: Iterable[str]) -> Iterator[TagLine | BadLine]:
    """Every line that is not empty, as a tag or as what is wrong; bad aliases come before their tag."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            tag, problems = _read(number, next(csv.reader([line], strict=True)))
        except (csv.Error, ValueError) as error:
            yield BadLine(number, str(error))
            continue
        yield from problems
        yield tag


def existing_name_problem(name: str) -> str | None:
    """Why a tag that exists elsewhere cannot be had under this name, if so.

    Milder than the rules for new names (behaviour C.2), because Danbooru has older tags and aliases that
    break them, such as names that are not ASCII. Only what could not be written on a post or searched for
    is refused.
    """
    if not name.strip("_"):
        return "a name is missing"
    if len(name) > MAX_LENGTH:
        return f"'{name[:20]}…' is longer than {MAX_LENGTH} characters"
    if not name.isprintable() or any(character.isspace() for character in name):
        return f"{name!r} has spaces or unprintable characters"
    if name[0] in _FORBIDDEN_FIRST or any(character in name for character in _FORBIDDEN):
        return f"'{name}' cannot be searched for"
    return None


def _read(number: int, fields: list[str]) -> tuple[TagLine, list[BadLine]]:
    """Raises ValueError when it is no tag."""
    if len(fields) not in {3, 4}:
        raise ValueError(f"{len(fields)} fields instead of name, category, post_count and aliases")
    name = normalize_tag_name(fields[0])
    if problem := existing_name_problem(name):
        raise ValueError(problem)
    category = TagCategory.from_word(fields[1].strip())
    if category is None:
        raise ValueError(f"'{fields[1]}' is not a category: 0, 1, 3, 4 or 5")
    count = fields[2].strip()
    if not (count.isascii() and count.isdigit() and len(count) <= 10) or int(count) > _MAX_COUNT:
        raise ValueError(f"'{fields[2]}' is not a number of posts")
    aliases, problems = _read_aliases(number, name, fields[3] if len(fields) == 4 else "")
    return TagLine(number, name, category, int(count), aliases), problems


def _read_aliases(number: int, name: str, field: str) -> tuple[tuple[str, ...], list[BadLine]]:
    aliases: dict[str, None] = {}
    problems = []
    for alias in filter(None, map(normalize_tag_name, field.split(","))):
        if problem := existing_name_problem(alias):
            problems.append(BadLine(number, f"alias of {name}: {problem}"))
        elif alias != name:
            aliases[alias] = None
    return tuple(aliases), problems
