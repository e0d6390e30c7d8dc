"""The rules for aliases and implications (behaviour B.2, B.3), held against a picture.

The models hold them against the database, one relationship at a time, when it is made. Here all of a script
are checked with a few queries; a test holds the two against each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import NON_FIELD_ERRORS

from booru.models.pages.wiki_page import normalize_title
from booru.models.tag_relationships.tag_alias import TAKEN, already_aliased
from booru.models.tag_relationships.tag_implication import (
    ALIASED_ANTECEDENT,
    ALIASED_CONSEQUENT,
    CIRCULAR,
    EXISTS,
    already_implies,
)
from booru.models.tag_relationships.tag_relationship import SELF, ValidationContext
from booru.models.tag_relationships.tag_usage import usage_problems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from booru.bulk_update.checking.picture import Picture


def alias_errors(picture: Picture, old: str, new: str, context: ValidationContext) -> list[str]:
    """Why there cannot be an alias `old` -> `new`."""
    return _in_order(_alias_problems(picture, old, new, context))


def implication_errors(picture: Picture, old: str, new: str, context: ValidationContext) -> list[str]:
    """Why there cannot be an implication `old` -> `new`."""
    return _in_order(_implication_problems(picture, old, new, context))


def add_alias(picture: Picture, old: str, new: str) -> None:
    """Takes the place of the reverse alias and of implications between the two tags."""
    picture.aliases.remove(new, old)
    picture.implications.remove(old, new)
    picture.implications.remove(new, old)
    picture.make_tags([old, new])
    picture.aliases.add(old, new)


def add_implication(picture: Picture, old: str, new: str) -> None:
    picture.make_tags([old, new])
    picture.implications.add(old, new)


def _alias_problems(
    picture: Picture, old: str, new: str, context: ValidationContext
) -> Iterator[tuple[str, str]]:
    yield from _name_problems(picture, old, new)
    if context is not ValidationContext.APPROVAL and picture.alias_target(old) is not None:
        yield "antecedent_name", TAKEN
    target = picture.alias_target(new)
    if target is not None and target != old:
        yield NON_FIELD_ERRORS, already_aliased(new, target)


def _implication_problems(
    picture: Picture, old: str, new: str, context: ValidationContext
) -> Iterator[tuple[str, str]]:
    yield from _name_problems(picture, old, new)
    if context is not ValidationContext.APPROVAL and picture.implications.has(old, new):
        yield "antecedent_name", EXISTS
    if old != new:
        if picture.implications.reaches(new, old):
            yield NON_FIELD_ERRORS, CIRCULAR
        if picture.implications.reaches(old, new, without=(old, new)):
            yield NON_FIELD_ERRORS, already_implies(old, new)
    for name, message in ((old, ALIASED_ANTECEDENT), (new, ALIASED_CONSEQUENT)):
        if picture.alias_target(name) is not None:
            yield NON_FIELD_ERRORS, message
    if context is ValidationContext.REQUEST:
        either = picture.either.get((old, new), 0)
        has_page = lambda name: normalize_title(name) in picture.pages  # noqa: E731
        for problem in usage_problems(picture.tag(old), picture.tag(new), has_page, lambda _: either):
            yield NON_FIELD_ERRORS, problem


def _name_problems(picture: Picture, old: str, new: str) -> Iterator[tuple[str, str]]:
    for attribute, name in (("antecedent_name", old), ("consequent_name", new)):
        for error in picture.name_errors(name):
            yield attribute, error
    if old == new:
        yield NON_FIELD_ERRORS, SELF


def _in_order(problems: Iterator[tuple[str, str]]) -> list[str]:
    """Those about one attribute together, as in a ValidationError."""
    by_attribute: dict[str, list[str]] = {}
    for attribute, message in problems:
        by_attribute.setdefault(attribute, []).append(message)
    return [message for messages in by_attribute.values() for message in messages]
