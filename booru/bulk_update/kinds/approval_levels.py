"""Which commands somebody below admin may approve (behaviour A.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.models import Level
from booru.models.tags.tag import TagCategory

if TYPE_CHECKING:
    from collections.abc import Mapping

    from booru.bulk_update.checking.picture import TagFacts


def level_for_moving(old: str, new: str, tags: Mapping[str, TagFacts]) -> Level:
    """A builder may move a small artist tag to one that is unused, or that is a small artist tag too."""
    source, target = tags.get(old), tags.get(new)
    is_small_artist = source is not None and source.is_artist and source.is_small
    is_harmless = target is None or target.is_empty or (target.is_artist and target.is_small)
    return Level.BUILDER if is_small_artist and is_harmless else Level.ADMIN


def level_for_implying(antecedent: str, consequent: str, tags: Mapping[str, TagFacts]) -> Level:
    """A moderator may let a small character tag imply another one."""
    both = [tags.get(name) for name in (antecedent, consequent)]
    are_small = all(tag and tag.category == TagCategory.CHARACTER and tag.is_small for tag in both)
    return Level.MODERATOR if are_small else Level.ADMIN
