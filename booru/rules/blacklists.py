"""Users' blacklists: one rule a line, and the posts that a rule fits are hidden (behaviour I.1)."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from booru.rules.tag_lists import size_errors

DEFAULT = "guro\nscat\nfurry -rating:g"


def blacklist_errors(text: str) -> list[str]:
    """What is wrong with a blacklist in its normal form."""
    return size_errors(text, characters=100_000, words=5000, lines=5000)


@dataclass(frozen=True, slots=True)
class Rule:
    """Fits posts with all of these words, none of those, and one of the others if there are any."""

    required: frozenset[str]
    forbidden: frozenset[str]
    alternatives: frozenset[str]

    @classmethod
    def parse(cls, line: str) -> Rule:
        words = [word for word in line.lower().split() if word.strip("-~")]
        return cls(
            required=frozenset(_normal(word) for word in words if word[0] not in "-~"),
            forbidden=frozenset(_normal(word[1:]) for word in words if word[0] == "-"),
            alternatives=frozenset(_normal(word[1:]) for word in words if word[0] == "~"),
        )

    def fits(self, words: Set[str]) -> bool:
        is_any_there = not self.alternatives or not self.alternatives.isdisjoint(words)
        return self.required <= words and self.forbidden.isdisjoint(words) and is_any_there


@dataclass(frozen=True, slots=True)
class Blacklist:
    """Rules by one of the words that they need, so that only a few are tried on each post."""

    by_word: dict[str, list[Rule]]
    others: list[Rule]

    @classmethod
    def parse(cls, text: str) -> Blacklist:
        blacklist = cls({}, [])
        for line in text.splitlines():
            rule = Rule.parse(line)
            if rule.required:
                blacklist.by_word.setdefault(min(rule.required), []).append(rule)
            elif rule.forbidden or rule.alternatives:
                blacklist.others.append(rule)
        return blacklist

    def hides(self, words: Set[str]) -> bool:
        """Does a rule fit a post with these tags, and its `rating:` and `status:` in the same form?"""
        likely = [rule for word in words for rule in self.by_word.get(word, ())]
        return any(rule.fits(words) for rule in (*likely, *self.others))


def _normal(word: str) -> str:
    """A rating is known by its first letter."""
    name, colon, value = word.partition(":")
    return f"{name}:{value[:1]}" if colon and name == "rating" else word
