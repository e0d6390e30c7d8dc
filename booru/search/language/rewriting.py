"""Turns trees into others that mean the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.search.language.tree import And, Everything, Not, Nothing, Optional, Or, Tag, all_of, any_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from booru.search.language.tree import Node


def replace_aliases(node: Node, aliases: Mapping[str, str]) -> Node:
    """The tree with the tags that these aliases stand for; wildcards are no tags."""
    match node:
        case Tag(name):
            return Tag(aliases.get(name, name))
        case Not(child):
            return Not(replace_aliases(child, aliases))
        case Optional(child):
            return Optional(replace_aliases(child, aliases))
        case And(children):
            return And(tuple(replace_aliases(child, aliases) for child in children))
        case Or(children):
            return Or(tuple(replace_aliases(child, aliases) for child in children))
        case _:
            return node


def merge_options(node: Node) -> Node:
    """The tree without `~`: what is optional in a group is one OR, in the place of the first."""
    match node:
        case Not(child):
            return Not(merge_options(child))
        case Or(children):
            return any_of(map(merge_options, children))
        case And(children):
            return all_of(_with_one_or(children))
    return node


def _with_one_or(children: tuple[Node, ...]) -> Iterator[Node]:
    options = [child.child for child in children if isinstance(child, Optional)]
    is_told = False
    for child in children:
        if not isinstance(child, Optional):
            yield merge_options(child)
        elif not is_told:
            is_told = True
            yield any_of(map(merge_options, options))


def push_negations_down(node: Node, *, is_negated: bool = False) -> Node:
    """The tree in which only single terms are negated: De Morgan, and no double negation.

    It is not brought into conjunctive normal form, which can be exponentially larger: SQL has no use for it.
    """
    match node:
        case Not(child):
            return push_negations_down(child, is_negated=not is_negated)
        case And(children) | Or(children):
            parts = [push_negations_down(child, is_negated=is_negated) for child in children]
            return all_of(parts) if isinstance(node, And) is not is_negated else any_of(parts)
        case Everything():
            return Nothing() if is_negated else node
        case Nothing():
            return Everything() if is_negated else node
        case _:
            return Not(node) if is_negated else node


def required_tags(node: Node) -> frozenset[str]:
    """The tags without which nothing is found. Expects a tree in which only single terms are negated."""
    match node:
        case Tag(name):
            return frozenset({name})
        case And(children):
            return frozenset().union(*map(required_tags, children))
        case Or(children):
            return frozenset.intersection(*map(required_tags, children))
    return frozenset()
