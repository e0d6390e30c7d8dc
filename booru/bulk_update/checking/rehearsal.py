"""What tags and their relationships become when lines are carried out, tried out on a picture.

A line that is fine by itself can be impossible together with others: an alias of a tag to one that leads back
to it, two aliases that meet. Danbooru finds that out half-way; here it is said before anything is done. It
follows booru.services, step for step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.bulk_update.checking.relationship_rules import (
    add_alias,
    add_implication,
    alias_errors,
    implication_errors,
)
from booru.models.tag_relationships.tag_alias import already_aliased
from booru.models.tag_relationships.tag_implication import CIRCULAR
from booru.models.tag_relationships.tag_relationship import SELF, ValidationContext
from booru.models.tags.tag import TagCategory
from booru.posts.editing.derived_tags import automatic_tags
from booru.rules.tag_names import COSPLAY, STYLE
from booru.services.tags.tag_mover import always_comes_with, would_become

if TYPE_CHECKING:
    from collections.abc import Iterator

    from booru.bulk_update.checking.picture import Picture


class Refused(Exception):
    """The line cannot be carried out: the reason, in words."""

    @classmethod
    def if_any(cls, errors: list[str]) -> None:
        if errors:
            raise cls("; ".join(errors))


def make_alias(picture: Picture, old: str, new: str) -> None:
    """Raises Refused."""
    new = picture.moved_on(old, new) or new
    if not picture.aliases.has(old, new):
        Refused.if_any(alias_errors(picture, old, new, ValidationContext.ORDINARY))
        add_alias(picture, old, new)
    move_tag(picture, old, new)


def make_implication(picture: Picture, old: str, new: str) -> None:
    """Raises Refused. What is there already is used again."""
    refuse_deprecated(picture, new)
    if not picture.implications.has(old, new):
        Refused.if_any(implication_errors(picture, old, new, ValidationContext.ORDINARY))
        add_implication(picture, old, new)


def rename_tag(picture: Picture, old: str, new: str) -> None:
    """Raises Refused."""
    target = picture.alias_target(new)
    if target is not None and old != new:
        raise Refused(already_aliased(new, target))
    move_tag(picture, old, new)


def move_tag(picture: Picture, old: str, new: str) -> None:
    """As TagMover does. Raises Refused."""
    if old == new:
        return
    refuse_deprecated(picture, new)
    if old in automatic_tags(new):
        raise Refused(always_comes_with(new, old))
    for name in (old, new):
        if picture.tag(name) is None:
            Refused.if_any(picture.name_errors(name))
            picture.make_tags([name])
    _sync_categories(picture, old, new)
    _move_aliases(picture, old, new)
    _move_implications(picture, old, new)
    for suffix in _variants(picture, old):
        move_tag(picture, old + suffix, new + suffix)


def refuse_deprecated(picture: Picture, name: str) -> None:
    """A tag that may not be added to posts takes nobody's place: they would just lose the other."""
    tag = picture.tag(name)
    if tag is not None and tag.is_deprecated:
        raise Refused(f"[[{name}]] is deprecated")


def _sync_categories(picture: Picture, old: str, new: str) -> None:
    source, target = picture.tags[old], picture.tags[new]
    if source.category == TagCategory.GENERAL != target.category:
        Refused.if_any(picture.change_category(old, target.category))
    elif target.category == TagCategory.GENERAL != source.category:
        Refused.if_any(picture.change_category(new, source.category))


def _move_aliases(picture: Picture, old: str, new: str) -> None:
    for name in picture.aliases.antecedents(old):
        picture.aliases.remove(name, old)
        if not picture.aliases.has(name, new):
            if name == new:
                raise Refused(SELF)
            add_alias(picture, name, new)


def _move_implications(picture: Picture, old: str, new: str) -> None:
    for consequent in picture.implications.consequents(old):
        _move_implication(picture, (old, consequent), (new, consequent))
    for antecedent in picture.implications.antecedents(old):
        _move_implication(picture, (antecedent, old), (antecedent, new))


def _move_implication(picture: Picture, before: tuple[str, str], after: tuple[str, str]) -> None:
    implications = picture.implications
    implications.remove(*before)
    # One that follows from others is not needed.
    if implications.reaches(*after):
        return
    antecedent, consequent = after
    if antecedent == consequent:
        raise Refused(would_become(before, after, SELF))
    if implications.reaches(consequent, antecedent):
        raise Refused(would_become(before, after, CIRCULAR))
    implications.add(*after)


def _variants(picture: Picture, old: str) -> Iterator[str]:
    """The endings of the tags that move too."""
    is_artist = picture.tags[old].is_artist
    for suffix in (COSPLAY, STYLE) if is_artist else (COSPLAY,):
        tag = picture.tag(old + suffix)
        if tag is not None and (not tag.is_empty or _is_related(picture, tag.name)):
            yield suffix


def _is_related(picture: Picture, name: str) -> bool:
    kinds = (picture.implications, picture.aliases)
    return any(kind.consequents(name) or kind.antecedents(name) for kind in kinds)
