"""Reads single terms out of a search: words, metatags, quoted values (behaviour D.6)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from booru.rules.metatags import COUNT_SYNONYMS, SEARCH_METATAGS
from booru.rules.tag_names import has_balanced_parentheses
from booru.search.language.tree import Metatag, Tag, Wildcard

if TYPE_CHECKING:
    from booru.search.language.tree import Term

_NAMES = frozenset(SEARCH_METATAGS)
_SPACES = re.compile(" *")
_WORD = re.compile("[^ ]*")
_METATAG = re.compile("([a-z0-9_]+):", re.IGNORECASE | re.ASCII)
_PLAIN_VALUE = re.compile(r"(?:\\ |[^ ])*")
_QUOTED_VALUES = {
    '"': re.compile(r'"((?:\\"|[^"])*+)"'),
    "'": re.compile(r"'((?:\\'|[^'])*+)'"),
}
_DIRECTION = re.compile("_(asc|desc)$")
# What begins a word with one of these is an operator, or was left over from one.
_NO_FIRST_LETTER = frozenset(")~-")
_OPERATORS = frozenset({"and", "or"})


class SyntaxProblem(Exception):
    """The search cannot be read."""


class Reader:
    """Goes through the text once. `depth` is the number of parentheses that are open."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.depth = 0

    def skip_spaces(self) -> None:
        self._take(_SPACES)

    @property
    def is_at_end(self) -> bool:
        return self.place >= len(self.text)

    def next_is(self, character: str) -> bool:
        return self.text.startswith(character, self.place)

    def is_at(self, pattern: re.Pattern[str]) -> bool:
        return pattern.match(self.text, self.place) is not None

    def accept(self, pattern: re.Pattern[str]) -> bool:
        """Step over what the pattern describes, if it comes next."""
        match = pattern.match(self.text, self.place)
        if match is None:
            return False
        self.place = match.end()
        return True

    def term(self) -> Term:
        """The tag, wildcard or metatag that comes next; raises SyntaxProblem when there is none."""
        return self._metatag() or self._tag()

    def _metatag(self) -> Metatag | None:
        match = _METATAG.match(self.text, self.place)
        if match is None or match[1].lower() not in _NAMES:
            return None
        self.place = match.end()
        name = match[1].lower()
        value, is_quoted = self._value()
        if name == "order":
            value = _with_full_name(value)
        # One that would not be read again as it is needs its quotes.
        return Metatag(
            COUNT_SYNONYMS.get(name, name), value, is_quoted or " " in value or value.endswith(")")
        )

    def _value(self) -> tuple[str, bool]:
        quote = self.text[self.place : self.place + 1]
        if quote not in _QUOTED_VALUES:
            value = self._give_parentheses_back(self._take(_PLAIN_VALUE), keeps_balanced=False)
            return value.replace("\\ ", " "), False
        match = _QUOTED_VALUES[quote].match(self.text, self.place)
        if match is None:
            raise SyntaxProblem
        self.place = match.end()
        return match[1].replace(f"\\{quote}", quote), True

    def _tag(self) -> Tag | Wildcard:
        word = self._give_parentheses_back(self._take(_WORD), keeps_balanced=True).lower()
        if not word or word[0] in _NO_FIRST_LETTER or word in _OPERATORS:
            raise SyntaxProblem
        return Wildcard(word) if "*" in word else Tag(word)

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.place)
        assert match is not None, "the pattern also describes nothing at all"
        self.place = match.end()
        return match[0]

    def _give_parentheses_back(self, word: str, *, keeps_balanced: bool) -> str:
        """A word takes the parentheses behind it along: those that close a group are not its own."""
        for _ in range(self.depth):
            if not word.endswith(")") or (keeps_balanced and has_balanced_parentheses(word)):
                break
            word = word[:-1]
            self.place -= 1
        return word


def _with_full_name(order: str) -> str:
    """`comments_asc` is `comment_count_asc`, as the metatag `comments` is `comment_count`."""
    name = _DIRECTION.sub("", order.lower())
    full_name = COUNT_SYNONYMS.get(name)
    return f"{full_name}{order[len(name) :]}" if full_name else order
