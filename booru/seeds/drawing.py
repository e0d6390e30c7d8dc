"""Draws the tags of a post as often as they are used elsewhere."""

from __future__ import annotations

from itertools import accumulate
from random import Random
from typing import TYPE_CHECKING

from booru.models.tags.tag import TagCategory
from booru.posts.editing.derived_tags import automatic_tags

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from booru.services.tags.tag_file import TagLine

# Of a post's tags, about 30: how many are of each category, at least and at most.
_NUMBERS = {
    TagCategory.GENERAL: (12, 38),
    TagCategory.ARTIST: (1, 1),
    TagCategory.COPYRIGHT: (1, 1),
    TagCategory.CHARACTER: (0, 2),
    TagCategory.META: (1, 4),
}
_OLD_NAME_CHANCE = 0.4


class _Urn:
    """Names to draw from, the more used the more likely."""

    def __init__(self, tags: Sequence[TagLine]) -> None:
        self._names = [tag.name for tag in tags]
        self._weights = list(accumulate(max(tag.post_count, 1) for tag in tags))

    def draw(self, random: Random, number: int) -> list[str]:
        if not self._names:
            return []
        return random.choices(self._names, cum_weights=self._weights, k=number)


class TagDrawing:
    """The tags of one imagined post after another."""

    def __init__(
        self, tags: Iterable[TagLine], old_names: Mapping[str, str], aliases: Mapping[str, str]
    ) -> None:
        """old_names: for a tag, the name that some posts have instead.

        aliases: names that no post may have, and what they stand for.
        """
        tags = list(tags)
        self._urns = {
            category: _Urn([tag for tag in tags if tag.category == category]) for category in _NUMBERS
        }
        self._old_names = old_names
        self._aliases = aliases
        self._copyrights = {tag.name for tag in tags if tag.category == TagCategory.COPYRIGHT}

    def posts(self, random: Random, number: int) -> Iterator[frozenset[str]]:
        for _ in range(number):
            yield self._with_derived(self._renamed(random, self._draw(random)))

    def _draw(self, random: Random) -> set[str]:
        drawn: set[str] = set()
        characters = self._draw_some(random, TagCategory.CHARACTER)
        copyrights = {name for character in characters if (name := self._copyright_of(character))}
        drawn.update(characters, copyrights)
        for category in _NUMBERS:
            if category == TagCategory.CHARACTER or (category == TagCategory.COPYRIGHT and copyrights):
                continue
            drawn.update(self._draw_some(random, category))
        return drawn

    def _draw_some(self, random: Random, category: TagCategory) -> list[str]:
        return self._urns[category].draw(random, random.randint(*_NUMBERS[category]))

    def _copyright_of(self, character: str) -> str | None:
        """`furina_(genshin_impact)` is from genshin_impact."""
        series = character.rpartition("_(")[2].removesuffix(")")
        return series if series in self._copyrights else None

    def _renamed(self, random: Random, names: set[str]) -> set[str]:
        renamed = {self._aliases.get(name, name) for name in names}
        for name in sorted(renamed & self._old_names.keys()):
            if random.random() < _OLD_NAME_CHANCE:
                renamed.remove(name)
                renamed.add(self._old_names[name])
        return renamed

    def _with_derived(self, names: set[str]) -> frozenset[str]:
        """What saving the post would add anyway; nothing else may change when somebody edits it."""
        return frozenset(names).union(*map(automatic_tags, names))
