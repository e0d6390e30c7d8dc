"""The tags that the seeds are made from: of a file, or the small sample that comes with the project."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from booru.rules.tag_names import tag_name_errors
from booru.services.tags.tag_file import BadLine, TagLine, read_tags

SAMPLE = Path(__file__).with_name("tags.csv")
_PLAIN = re.compile(r"[a-z][a-z_-]{2,}")
# Of the most used tags; the very first are on nearly every post.
_KEPT_FROM, _KEPT_TO = 8, 400


@dataclass(frozen=True, slots=True)
class OldName:
    """A name that posts still carry, and the tag that it should become."""

    old: str
    new: str


@dataclass(frozen=True)
class TagSource:
    """The lines of a tag file, most used first."""

    lines: Sequence[TagLine | BadLine]

    @classmethod
    def read(cls, path: Path) -> TagSource:
        """Raises OSError and UnicodeDecodeError."""
        with path.open(encoding="utf-8-sig", newline="\n") as file:
            return cls(list(read_tags(file)))

    @cached_property
    def tags(self) -> list[TagLine]:
        tags = {line.name: line for line in self.lines if isinstance(line, TagLine)}
        return sorted(tags.values(), key=lambda tag: -tag.post_count)

    @cached_property
    def old_names(self) -> list[OldName]:
        """Aliases of often used tags that are left for bulk update requests to make, in a fixed order."""
        names = {tag.name for tag in self.tags}
        claimed: set[str] = set()
        pairs = []
        for tag in self.tags[_KEPT_FROM:_KEPT_TO]:
            old = next((alias for alias in tag.aliases if _is_plain(alias)), None)
            if old is None or old in names | claimed or tag_name_errors(tag.name):
                continue
            claimed.add(old)
            pairs.append(OldName(old, tag.name))
        return pairs


def _is_plain(name: str) -> bool:
    return _PLAIN.fullmatch(name) is not None and not tag_name_errors(name)
