"""What the two commands about deprecation have in common."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from booru.bulk_update.kinds.single_tag import SingleTagCommand
from booru.bulk_update.waiting.touched import Touched
from booru.models.tag_relationships.tag_relationship import ValidationContext

if TYPE_CHECKING:
    from booru.bulk_update.checking.picture import Picture, TagFacts


class DeprecationCommand(SingleTagCommand):
    """The tag may be added to posts no more, or again; the tag is known when the request is made."""

    keyword: ClassVar[str]

    def problem(self, context: ValidationContext, picture: Picture) -> str | None:
        """At approval there is nothing to say any more."""
        if context is not ValidationContext.REQUEST:
            return None
        tag = picture.tag(self.tag)
        return self.problem_with(tag, picture) if tag else "tag doesn't exist"

    @abstractmethod
    def problem_with(self, tag: TagFacts, picture: Picture) -> str | None:
        """Why this cannot be asked for."""

    @property
    def dtext(self) -> str:
        return f"{self.keyword} [[{self.tag}]]"

    def affected_tags(self, picture: Picture) -> list[str]:
        return [self.tag] if picture.tag(self.tag) else []

    @property
    def touched(self) -> Touched:
        return Touched(tags=frozenset({self.tag}), moves_tags=True)
