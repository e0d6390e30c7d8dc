"""What every command of a script can do."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from booru.bulk_update.checking.subjects import Subjects
from booru.bulk_update.waiting.touched import Touched
from booru.models import Level

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from django.db.models import QuerySet

    from booru.bulk_update.checking.picture import Picture, TagFacts
    from booru.bulk_update.run import Run
    from booru.models import Post
    from booru.models.tag_relationships.tag_relationship import ValidationContext
    from booru.posts.tag_edits.tag_edit import TagEdit


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

    @property
    def subjects(self) -> Subjects:
        """What the picture has to show that it is checked against."""
        return Subjects()

    def errors(self, context: ValidationContext, picture: Picture) -> list[str]:
        """Why the command cannot be carried out (behaviour A.6.2).

        When it can, the picture is changed as far as later lines shall see it.
        """
        problem = self.problem(context, picture)
        return [self.refusal(problem)] if problem else []

    def problem(self, context: ValidationContext, picture: Picture) -> str | None:  # noqa: ARG002
        """The same, as the reason in a refusal."""
        return None

    def refusal(self, reason: str) -> str:
        return f"Can't {self.dtext} ({reason})"

    def rehearse(self, picture: Picture) -> None:  # noqa: B027 -- most change no relationships
        """Change the picture as carrying it out would change tags and their relationships.

        Raises Refused when that cannot be, now that the lines before it were carried out.
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

    def affected_tags(self, picture: Picture) -> list[str]:  # noqa: ARG002
        """The names of the tags that it is about (behaviour A.9)."""
        return []

    @property
    def touched(self) -> Touched:
        """All that it reads and writes."""
        return Touched()

    def approval_level(self, tags: Mapping[str, TagFacts]) -> Level:  # noqa: ARG002
        """The lowest level that may approve it, given the tags that exist (behaviour A.7)."""
        return Level.ADMIN
