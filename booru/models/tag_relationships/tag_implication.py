"""Tag implications: a post with one tag also gets the other (behaviour B.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.apps import apps
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import connection

from booru.models.array_literals import text_array
from booru.models.mod_action import ModAction
from booru.models.tag_relationships.tag_relationship import (
    TagRelationship,
    TagRelationshipManager,
    ValidationContext,
)
from booru.models.tag_relationships.tag_usage import implication_problems

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

EXISTS = "Implication already exists"
CIRCULAR = "Tag implication can not create a circular relation with another tag implication"
ALIASED_ANTECEDENT = "Antecedent tag must not be aliased to another tag"
ALIASED_CONSEQUENT = "Consequent tag must not be aliased to another tag"

_ABOVE = """
    SELECT antecedent_name, consequent_name FROM tag_implications
    WHERE status = 'active' AND antecedent_name = ANY(%s::text[])
"""
_DOWNWARDS = """
    WITH RECURSIVE reached AS (
        SELECT antecedent_name, consequent_name FROM tag_implications
        WHERE status = 'active' AND consequent_name = ANY(%(names)s::text[])
      UNION
        SELECT below.antecedent_name, below.consequent_name FROM tag_implications below
        JOIN reached ON below.consequent_name = reached.antecedent_name
        WHERE below.status = 'active'
    )
    SELECT DISTINCT antecedent_name FROM reached
"""


def already_implies(antecedent: str, consequent: str) -> str:
    return f"{antecedent} already implies {consequent} through another implication"


class TagImplicationManager(TagRelationshipManager["TagImplication"]):
    def implied_by(self, names: Iterable[str]) -> set[str]:
        """Every tag that posts with these tags get too, the names themselves left out."""
        names = set(names)
        return closure(names, self.edges_above(names)) - names

    def implied_to(self, names: Iterable[str]) -> set[str]:
        """Every tag that leads to one of these, the names themselves left out."""
        names = set(names)
        with connection.cursor() as cursor:
            cursor.execute(_DOWNWARDS, {"names": list(names)})
            return {name for (name,) in cursor.fetchall()} - names

    def edges_above(self, names: Iterable[str]) -> dict[str, list[str]]:
        """The active implications that can be reached upwards: each antecedent's consequents."""
        edges: dict[str, list[str]] = {}
        looked_up: set[str] = set()
        # One step after the other: a recursive query would read the whole table for the second.
        while names := set(names) - looked_up:
            looked_up |= names
            with connection.cursor() as cursor:
                cursor.execute(_ABOVE, [text_array(names)])
                found = cursor.fetchall()
            for antecedent, consequent in found:
                edges.setdefault(antecedent, []).append(consequent)
            names = {consequent for _, consequent in found}
        return edges


def closure(names: Iterable[str], edges: dict[str, list[str]]) -> set[str]:
    """What is reached from the names along one or more edges; circles do no harm."""
    reached: set[str] = set()
    waiting = list(names)
    while waiting:
        for consequent in edges.get(waiting.pop(), []):
            if consequent not in reached:
                reached.add(consequent)
                waiting.append(consequent)
    return reached


class TagImplication(TagRelationship):
    deletion_category = ModAction.Category.TAG_IMPLICATION_DELETE

    objects: ClassVar[TagImplicationManager] = TagImplicationManager()

    class Meta(TagRelationship.Meta):
        db_table = "tag_implications"

    def problems(self, context: ValidationContext) -> Iterator[tuple[str, str]]:
        yield from super().problems(context)
        if self.is_rejected:
            return
        # Not when a request is approved, so that one that failed half-way can be approved again. Danbooru
        # forgives that for aliases only, and such a request can never be approved (behaviour M.2).
        if context is not ValidationContext.APPROVAL and self.same_pair().exists():
            yield "antecedent_name", EXISTS
        if self.antecedent_name != self.consequent_name:
            yield from self._hierarchy_problems()
        yield from self._alias_problems()
        if context is ValidationContext.REQUEST:
            for problem in implication_problems(self.antecedent_name, self.consequent_name):
                yield NON_FIELD_ERRORS, problem

    def _hierarchy_problems(self) -> Iterator[tuple[str, str]]:
        if self.antecedent_name in TagImplication.objects.implied_by([self.consequent_name]):
            yield NON_FIELD_ERRORS, CIRCULAR
        if self._is_redundant():
            yield NON_FIELD_ERRORS, already_implies(self.antecedent_name, self.consequent_name)

    def _is_redundant(self) -> bool:
        edges = TagImplication.objects.edges_above([self.antecedent_name])
        direct = edges.get(self.antecedent_name, [])
        edges[self.antecedent_name] = [name for name in direct if name != self.consequent_name]
        return self.consequent_name in closure([self.antecedent_name], edges)

    def _alias_problems(self) -> Iterator[tuple[str, str]]:
        # Aliases know implications, not the other way round.
        aliases = apps.get_model("booru", "TagAlias")._default_manager.filter(status="active")
        if aliases.filter(antecedent_name=self.antecedent_name).exists():
            yield NON_FIELD_ERRORS, ALIASED_ANTECEDENT
        if aliases.filter(antecedent_name=self.consequent_name).exists():
            yield NON_FIELD_ERRORS, ALIASED_CONSEQUENT
