"""What the commands about one tag have in common."""

from __future__ import annotations

from dataclasses import dataclass

from booru.bulk_update.checking.subjects import Subjects
from booru.bulk_update.kinds.command import Command
from booru.models import Tag
from booru.rules.tag_names import normalize_tag_name


@dataclass(frozen=True)
class SingleTagCommand(Command):
    """The tag's name is kept in its normal form."""

    tag: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "tag", normalize_tag_name(self.tag))

    @property
    def subjects(self) -> Subjects:
        return Subjects(tags=frozenset({self.tag}))

    @property
    def saved_tag(self) -> Tag | None:
        """The tag, when there is one of this name."""
        return Tag.objects.named(self.tag)
