"""What a line reads and writes, by names, so that two lines about the same are not carried out at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Touched:
    """Names of tags are in their normal form, without the prefix of a category."""

    tags: frozenset[str] = _NONE
    # Those of them that posts may be given, and with them all that follows from these.
    given: frozenset[str] = _NONE
    # As they are named, or by their ids.
    pools: frozenset[str] = _NONE
    # What else of posts: "rating", "source" and so on.
    read: frozenset[str] = _NONE
    written: frozenset[str] = _NONE
    # Does it change which tag is an alias of which, or implies which?
    moves_tags: bool = False
    # Is this all of it?
    is_bounded: bool = True

    def __or__(self, other: Touched) -> Touched:
        return Touched(
            self.tags | other.tags,
            self.given | other.given,
            self.pools | other.pools,
            self.read | other.read,
            self.written | other.written,
            self.moves_tags or other.moves_tags,
            self.is_bounded and other.is_bounded,
        )


def together(some: Iterable[Touched]) -> Touched:
    return reduce(Touched.__or__, some, Touched())
