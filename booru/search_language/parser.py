"""Reads a search into a tree, in time proportional to its length (behaviour D.6)."""

from __future__ import annotations

import re

from booru.search_language.reader import Reader, SyntaxProblem
from booru.search_language.tree import Everything, Node, Not, Nothing, all_of, any_of

# Deeper than anybody means it; deeper nesting counts as a syntax error.
MAX_DEPTH = 50
_OR = re.compile("or +", re.IGNORECASE)
_AND = re.compile("and +", re.IGNORECASE)
_OPEN = re.compile(r"\(")
_CLOSE = re.compile(r"\)")
_MINUS = re.compile("-")
_TILDE = re.compile("~")
# No database holds NUL or half a surrogate pair.
_UNSAVABLE = re.compile("[\0\ud800-\udfff]")


def parse(text: str) -> Node:
    """The tree of a search; Nothing for one that has a syntax error.

    `~` terms of a group have become an OR, and there is no needless nesting.
    """
    text = re.sub(r"\s", " ", text)
    if not text.strip(" "):
        return Everything()
    try:
        return _whole(text)
    except SyntaxProblem:
        return Nothing()


def _whole(text: str) -> Node:
    reader = Reader(text)
    tree = _alternatives(reader)
    if not reader.is_at_end or _UNSAVABLE.search(text):
        raise SyntaxProblem
    return tree


def _alternatives(reader: Reader) -> Node:
    """`a b or c d`"""
    alternatives = [_factors(reader)]
    while reader.accept(_OR):
        alternatives.append(_factors(reader))
    return any_of(alternatives)


def _factors(reader: Reader) -> Node:
    """`a -b (c or d) ~e ~f and g`: the optional ones become one OR, in the place of the first."""
    factors: list[Node] = []
    optional: list[Node] = []
    place_of_optional = 0
    while True:
        reader.skip_spaces()
        if reader.accept(_MINUS):
            factors.append(Not(_expression(reader)))
        elif reader.accept(_TILDE):
            place_of_optional = place_of_optional if optional else len(factors)
            optional.append(_expression(reader))
        else:
            factors.append(_expression(reader))
        reader.skip_spaces()
        if not reader.accept(_AND) and _is_end_of_factors(reader):
            break
    if optional:
        factors.insert(place_of_optional, any_of(optional))
    return all_of(factors)


def _is_end_of_factors(reader: Reader) -> bool:
    closes = reader.depth > 0 and reader.next_is(")")
    return reader.is_at_end or closes or _OR.match(reader.text, reader.place) is not None


def _expression(reader: Reader) -> Node:
    if not reader.accept(_OPEN):
        return reader.term()
    reader.depth += 1
    if reader.depth > MAX_DEPTH:
        raise SyntaxProblem
    group = _alternatives(reader)
    if not reader.accept(_CLOSE):
        raise SyntaxProblem
    reader.depth -= 1
    return group
