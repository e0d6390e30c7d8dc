"""What every command of a script can do."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from booru.models import Level

if TYPE_CHECKING:
    from typing import Self

    from django.db.models import QuerySet

    from booru.bulk_update.run import Run
    from booru.models import Post
    from booru.models.tag_relationship import ValidationContext
    from booru.posts.tag_edit import TagEdit


@dataclass(frozen=True, slots=True)
class PlannedEdit:
    """Posts that a command would edit, and how."""

    posts: QuerySet[Post]
    edit: TagEdit


def line_shape(pattern: str) -> re.Pattern[str]:
    """The pattern of a line; keywords are good in any case, but only in ASCII letters."""
    return re.compile(pattern, re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class Command(ABC):
    """One line of a script. A subclass says how its line looks, and what it does."""

    line: str

    # The whole line; the named groups become the fields of the command.
    shape: ClassVar[re.Pattern[str]]

    @classmethod
    def parse(cls, line: str) -> Self | None:
        """The command that the line is, if it is one of this kind."""
        match = cls.shape.fullmatch(line)
        return cls(line, **match.groupdict()) if match else None

    @abstractmethod
    def errors(self, context: ValidationContext) -> list[str]:
        """Why the command cannot be carried out.

        Runs in a transaction that is rolled back: what it changes there is what later lines shall see.
        """

    @abstractmethod
    def process(self, run: Run) -> None:
        """Carry it out; each step commits its own work. Must be safe to repeat."""

    def planned_edits(self) -> list[PlannedEdit]:
        """What it would do to posts, as things are now; for the dry run."""
        return []

    def touched_records(self) -> dict[str, int]:
        """How many records other than posts it would change, as in {"wiki pages": 2}; for the dry run."""
        return {}

    @property
    def dtext(self) -> str:
        """How the command is shown, with its tags as links (behaviour A.8)."""
        return self.line

    @property
    def affected_tags(self) -> list[str]:
        """The names of the tags that it is about (behaviour A.9)."""
        return []

    @property
    def is_bounded(self) -> bool:
        """Are the posts that it may change all found by its affected tags?"""
        return True

    @property
    def approval_level(self) -> Level:
        """The lowest level that may approve it (behaviour A.7)."""
        return Level.ADMIN
