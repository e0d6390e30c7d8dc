"""What a line reads and writes, by names, so that two lines about the same are not carried out at once."""

from __future__ import annotations

from dataclasses import dataclass
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
        return together([self, other])


def together(some: Iterable[Touched]) -> Touched:
    """All of them as one, in one go: there may be thousands."""
    some = list(some)
    return Touched(
        tags=_NONE.union(*(one.tags for one in some)),
        given=_NONE.union(*(one.given for one in some)),
        pools=_NONE.union(*(one.pools for one in some)),
        read=_NONE.union(*(one.read for one in some)),
        written=_NONE.union(*(one.written for one in some)),
        moves_tags=any(one.moves_tags for one in some),
        is_bounded=all(one.is_bounded for one in some),
    )
