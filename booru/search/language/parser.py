"""Reads a search into a tree, in time proportional to its length (behaviour D.6)."""

from __future__ import annotations

import re

from booru.search.language.reader import Reader, SyntaxProblem
from booru.search.language.rewriting import merge_options
from booru.search.language.tree import Everything, Node, Not, Nothing, Optional, all_of, any_of

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
    """What a search means: as `read`, but `~` terms have become an OR."""
    return merge_options(read(text))


def read(text: str) -> Node:
    """The tree of a search as it is written, without needless nesting; Nothing for a syntax error."""
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
    alternatives = [_conjunction(reader)]
    while reader.accept(_OR):
        alternatives.append(_conjunction(reader))
    return any_of(alternatives)


def _conjunction(reader: Reader) -> Node:
    """`~a ~b and ~c ~d`: on each side of the `and` one of the two."""
    parts = [_factors(reader)]
    while reader.accept(_AND):
        parts.append(_factors(reader))
    return all_of(parts)


def _factors(reader: Reader) -> Node:
    """`a -b (c or d) ~e ~f`"""
    factors: list[Node] = []
    while not factors or not _is_end_of_factors(reader):
        reader.skip_spaces()
        if reader.accept(_MINUS):
            factors.append(Not(_expression(reader)))
        elif reader.accept(_TILDE):
            factors.append(Optional(_expression(reader)))
        else:
            factors.append(_expression(reader))
        reader.skip_spaces()
    if len(factors) == 1 and isinstance(factors[0], Optional):
        # There is nothing else that could be there instead.
        return factors[0].child
    return all_of(factors)


def _is_end_of_factors(reader: Reader) -> bool:
    closes = reader.depth > 0 and reader.next_is(")")
    return reader.is_at_end or closes or reader.is_at(_OR) or reader.is_at(_AND)


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
