"""What the two commands about deprecation have in common."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from booru.bulk_update.single_tag import SingleTagCommand
from booru.models import Tag
from booru.models.tag_relationship import ValidationContext


class DeprecationCommand(SingleTagCommand):
    """The tag may be added to posts no more, or again; the tag is known when the request is made."""

    keyword: ClassVar[str]

    def errors(self, context: ValidationContext) -> list[str]:
        """At approval there is nothing to say any more."""
        problem = self._problem() if context is ValidationContext.REQUEST else None
        return [f"Can't {self.dtext} ({problem})"] if problem else []

    @abstractmethod
    def problem_with(self, tag: Tag) -> str | None:
        """Why this cannot be asked for."""

    @property
    def dtext(self) -> str:
        return f"{self.keyword} [[{self.tag}]]"

    @property
    def affected_tags(self) -> list[str]:
        return [self.tag] if self.saved_tag else []

    def _problem(self) -> str | None:
        tag = self.saved_tag
        return self.problem_with(tag) if tag else "tag doesn't exist"
