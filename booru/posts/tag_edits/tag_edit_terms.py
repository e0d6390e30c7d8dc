"""Reads the terms of a tag edit: tags, tags to remove, and metatags with their values (behaviour D.2)."""

from __future__ import annotations

import re
from typing import NamedTuple

from booru.rules.metatags import EDIT_METATAGS

_SPACE = re.compile(r"\s")
_NAMES = "|".join(sorted(map(re.escape, EDIT_METATAGS), key=len, reverse=True))
# No part gives back what it has taken, so that any text is read in one go.
_TAG = re.compile(rf"(?P<minus>-?+)(?!(?:{_NAMES}):)(?P<tag>[^ ]++)", re.IGNORECASE | re.ASCII)
_METATAG = re.compile(
    rf"""(?P<name>{_NAMES}):(?:
        "(?P<double>(?:\\"|[^"])*+)" | '(?P<single>(?:\\'|[^'])*+)' | (?!["'])(?P<plain>(?:\\[ ]|[^ ])*+)
    )""",
    re.IGNORECASE | re.ASCII | re.VERBOSE,
)
_KEEP_CASE = {"newpool", "source"}


class Tag(NamedTuple):
    name: str
    is_removed: bool = False


class Metatag(NamedTuple):
    """The name has its hyphen, as in `-pool`."""

    name: str
    value: str

    def __str__(self) -> str:
        return f"{self.name}:{self.value}"


def read_terms(text: str) -> tuple[list[Tag | Metatag], str]:
    """The terms in their order, and what is left from the first one on that is none."""
    text = _SPACE.sub(" ", text).rstrip(" ")
    terms: list[Tag | Metatag] = []
    position = 0
    while position < len(text):
        if text[position] == " ":
            position += 1
        elif match := _TAG.match(text, position):
            terms.append(Tag(match["tag"].lower(), bool(match["minus"])))
            position = match.end()
        elif match := _METATAG.match(text, position):
            terms.append(_metatag(match))
            position = match.end()
        else:
            break
    return terms, text[position:]


def _metatag(match: re.Match[str]) -> Metatag:
    name = match["name"].lower()
    if match["double"] is not None:
        value = match["double"].replace('\\"', '"')
    elif match["single"] is not None:
        value = match["single"].replace("\\'", "'")
    else:
        value = match["plain"].replace("\\ ", " ")
    if name not in _KEEP_CASE:
        value = value.lower()
    return Metatag(name, value if name == "source" else value.replace(" ", "_"))
