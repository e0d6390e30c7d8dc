"""Implications that hang together, whatever their status; for searching them (behaviour B.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models.expressions import RawSQL

if TYPE_CHECKING:
    from collections.abc import Iterable

_REACHED = """
    WITH RECURSIVE reached AS (
        SELECT id, antecedent_name, consequent_name FROM tag_implications
        WHERE {start} = ANY(%s::text[])
      UNION
        SELECT more.id, more.antecedent_name, more.consequent_name FROM tag_implications more
        JOIN reached ON more.{start} = reached.{end}
    )
    SELECT id FROM reached
"""
_UPWARDS = _REACHED.format(start="antecedent_name", end="consequent_name")
_DOWNWARDS = _REACHED.format(start="consequent_name", end="antecedent_name")


def ids_implied_from(names: Iterable[str]) -> RawSQL:
    """The implications of these tags, of the tags that they imply, and so on."""
    return RawSQL(_UPWARDS, [list(names)])  # noqa: S611 -- the names are a parameter


def ids_implied_to(names: Iterable[str]) -> RawSQL:
    """The implications to these tags, to the tags that imply them, and so on."""
    return RawSQL(_DOWNWARDS, [list(names)])  # noqa: S611
