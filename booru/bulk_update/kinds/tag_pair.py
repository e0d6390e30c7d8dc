"""What the commands over two tag names have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from booru.bulk_update.checking.subjects import Subjects
from booru.bulk_update.kinds.command import Command
from booru.bulk_update.waiting.touched import Touched
from booru.rules.tag_names import normalize_tag_name

if TYPE_CHECKING:
    from booru.bulk_update.checking.picture import Picture


@dataclass(frozen=True)
class TagPairCommand(Command):
    """`<keyword> <old> -> <new>`; the names are kept in their normal form."""

    old: str
    new: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "old", normalize_tag_name(self.old))
        object.__setattr__(self, "new", normalize_tag_name(self.new))

    @property
    def subjects(self) -> Subjects:
        return Subjects(tags=frozenset({self.old, self.new}))

    def affected_tags(self, picture: Picture) -> list[str]:  # noqa: ARG002
        return [self.old, self.new]

    @property
    def touched(self) -> Touched:
        names = frozenset({self.old, self.new})
        return Touched(tags=names, given=names, moves_tags=True)

    @property
    def links(self) -> str:
        """Both names as links."""
        return f"[[{self.old}]] -> [[{self.new}]]"
