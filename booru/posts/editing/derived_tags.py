"""The tags that a post has because it has others: automatic ones and implied ones (behaviour B.3, C.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.models.tag_relationships.tag_implication import TagImplication, closure
from booru.rules.tag_names import COSPLAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_UNIFORM = "_school_uniform"
_MEME = "_(meme)"
_AUTOMATIC = (COSPLAY, _UNIFORM, _MEME)
_NOTHING: frozenset[str] = frozenset()


def automatic_tags(name: str) -> frozenset[str]:
    """The tags that follow from how a tag is called."""
    if name.endswith(COSPLAY) and name != COSPLAY:
        return frozenset({name.removesuffix(COSPLAY), "cosplay"})
    if name.endswith(_UNIFORM):
        return frozenset({_UNIFORM.removeprefix("_")})
    if name.endswith(_MEME):
        return frozenset({"meme"})
    return _NOTHING


class DerivedTags:
    """What follows from a number of tags; looked up once for all of them."""

    def __init__(
        self, automatic: Mapping[str, frozenset[str]], implied: Mapping[str, frozenset[str]]
    ) -> None:
        self._steps = [(consequences, frozenset(consequences)) for consequences in (automatic, implied)]

    @classmethod
    def of(cls, names: Iterable[str]) -> DerivedTags:
        """Look up what follows from these tags."""
        names = set(names)
        # Most names are no such, which is quick to see.
        ending = [name for name in names if name.endswith(_AUTOMATIC)]
        automatic = {name: tags for name in ending if (tags := automatic_tags(name))}
        edges = TagImplication.objects.edges_above(names.union(*automatic.values()))
        return cls(automatic, {name: frozenset(closure([name], edges)) for name in edges})

    def add_to(self, tags: frozenset[str]) -> frozenset[str]:
        """The tags, and all that follow from them."""
        for consequences, names in self._steps:
            if causes := tags & names:
                tags = tags.union(*(consequences[name] for name in causes))
        return tags
