"""What a search means: a tree of terms (behaviour D.6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, slots=True)
class Everything:
    """The empty search: every post."""

    def __str__(self) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Nothing:
    """A search with a syntax error: no post."""

    def __str__(self) -> str:
        return "none"


@dataclass(frozen=True, slots=True)
class Tag:
    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Wildcard:
    """A tag with stars in its name, which stand for anything."""

    pattern: str

    def __str__(self) -> str:
        return self.pattern


@dataclass(frozen=True, slots=True)
class Metatag:
    """`name:value`. Quotes make a difference: `source:none` is no source, `source:"none"` the word."""

    name: str
    value: str
    is_quoted: bool = False

    def __str__(self) -> str:
        if not self.is_quoted:
            return f"{self.name}:{self.value}"
        if self.value.endswith("\\"):
            # It would take the closing quote along; such a value can only be the last word.
            escaped = self.value.replace(" ", "\\ ")
            return f"{self.name}:{escaped}"
        escaped = self.value.replace('"', '\\"')
        return f'{self.name}:"{escaped}"'


@dataclass(frozen=True, slots=True)
class Not:
    child: Node

    def __str__(self) -> str:
        return f"-{self.child}" if isinstance(self.child, Tag | Wildcard | Metatag) else f"-({self.child})"


@dataclass(frozen=True, slots=True)
class Optional:
    """`~x`, only in an And: of all that are optional there, one at least."""

    child: Node

    def __str__(self) -> str:
        return f"~{self.child}" if isinstance(self.child, Tag | Wildcard | Metatag) else f"~({self.child})"


@dataclass(frozen=True, slots=True)
class And:
    """All of them; two or more, none of which is an And, but for one with optional terms of its own."""

    children: tuple[Node, ...]

    def __str__(self) -> str:
        return " ".join(
            f"({child})" if isinstance(child, And | Or) else str(child) for child in self.children
        )

    @property
    def has_options(self) -> bool:
        return any(isinstance(child, Optional) for child in self.children)


@dataclass(frozen=True, slots=True)
class Or:
    """Any of them; two or more, none of which is an Or."""

    children: tuple[Node, ...]

    def __str__(self) -> str:
        return " or ".join(f"({child})" if isinstance(child, And) else str(child) for child in self.children)


Term: TypeAlias = Tag | Wildcard | Metatag
Node: TypeAlias = Everything | Nothing | Term | Not | Optional | And | Or


def all_of(nodes: Iterable[Node]) -> Node:
    """The nodes joined by AND, without needless nesting; there must be one at least."""
    children: list[Node] = []
    for node in nodes:
        # What is optional is so among its own neighbours.
        is_needless = isinstance(node, And) and not node.has_options
        children.extend(node.children if is_needless else [node])  # type: ignore[union-attr]
    return And(tuple(children)) if len(children) > 1 else children[0]


def any_of(nodes: Iterable[Node]) -> Node:
    """The nodes joined by OR, without needless nesting; there must be one at least."""
    children: list[Node] = []
    for node in nodes:
        children.extend(node.children if isinstance(node, Or) else [node])
    return Or(tuple(children)) if len(children) > 1 else children[0]


def terms_of(node: Node) -> Iterator[Term]:
    """The terms anywhere in the tree, in the order in which they are written."""
    match node:
        case Tag() | Wildcard() | Metatag():
            yield node
        case Not(child) | Optional(child):
            yield from terms_of(child)
        case And(children) | Or(children):
            for child in children:
                yield from terms_of(child)
