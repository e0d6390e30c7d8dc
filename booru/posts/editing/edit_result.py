"""What became of an edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from booru.posts.walking.journal import SkippedPost


@dataclass(frozen=True, slots=True)
class EditResult:
    """How many posts changed, what its maker should know, and which posts were not edited as asked."""

    changed: int = 0
    # Sentences; an edit is saved in spite of them.
    warnings: tuple[str, ...] = ()
    skipped: tuple[SkippedPost, ...] = ()


class InvalidPost(ValidationError):
    """A post cannot be saved; the messages are without the labels that `sentences` have."""

    def __init__(self, post_id: int, errors: Mapping[str, list[str]]) -> None:
        super().__init__(dict(errors))
        self.post_id = post_id
        self.sentences = [
            message if field == "__all__" else f"{field.capitalize()} {message}"
            for field, messages in errors.items()
            for message in messages
        ]

    def __reduce__(self) -> tuple[type[InvalidPost], tuple[object, ...]]:
        return InvalidPost, (self.post_id, self.message_dict)


def sentence_of(names: list[str]) -> str:
    """`[[a]]`, `[[a]] and [[b]]`, `[[a]], [[b]], and [[c]]`."""
    links = [f"[[{name}]]" for name in names]
    if len(links) <= 2:
        return " and ".join(links)
    return f"{', '.join(links[:-1])}, and {links[-1]}"
