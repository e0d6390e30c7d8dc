"""What a line of a script is about, as far as its check has to know."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Subjects:
    """Names as they are typed; what they are aliases of is looked up too."""

    tags: frozenset[str] = frozenset()
    # Old and new names: what is with the old one moves to the new one.
    moved: tuple[tuple[str, str], ...] = ()
    # All of their implications go.
    removed: frozenset[str] = frozenset()
    # Implications that are made: the posts that have either tag are counted.
    implied: tuple[tuple[str, str], ...] = ()
    # Their wiki pages are read.
    described: frozenset[str] = frozenset()
    pools: frozenset[str] = frozenset()
    # Of the site's own account.
    favorite_groups: frozenset[str] = frozenset()
