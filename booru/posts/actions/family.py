"""Parents and children: the rules for a post's parent, applied one post after the other (behaviour D.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from booru.models.array_literals import int_array

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_LEVELS = 4
MAX_CHILDREN = 30

# UNION ends at what was found before, so that circles do no harm.
_RELATIVES = """
    WITH RECURSIVE above AS (
        SELECT id, parent_id FROM posts WHERE id = ANY(%(ids)s::bigint[])
      UNION
        SELECT posts.id, posts.parent_id FROM posts JOIN above ON posts.id = above.parent_id
    ), below AS (
        SELECT id, parent_id FROM above
      UNION
        SELECT posts.id, posts.parent_id FROM posts JOIN below ON posts.parent_id = below.id
    )
    SELECT id, parent_id FROM below
"""


class Family:
    """The ancestors of some posts and all who descend from them, as they would be after each change."""

    def __init__(self, parents: dict[int, int | None]) -> None:
        self._parents = parents
        self._children: dict[int, set[int]] = {}
        for child, parent in parents.items():
            if parent is not None:
                self._children.setdefault(parent, set()).add(child)

    @classmethod
    def of(cls, post_ids: Iterable[int]) -> Family:
        with connection.cursor() as cursor:
            cursor.execute(_RELATIVES, {"ids": int_array(post_ids)})
            return cls(dict(cursor.fetchall()))

    def parent_of(self, post_id: int) -> int | None:
        return self._parents.get(post_id)

    def children_of(self, post_id: int) -> list[int]:
        return sorted(self._children.get(post_id, ()))

    def move(self, post_id: int, parent_id: int | None) -> str | None:
        """Give a post another parent; returns what forbids it, and changes nothing then.

        A post whose parent becomes its own child takes that one's place.
        """
        if parent_id == self._parents[post_id]:
            return None
        if parent_id is not None and parent_id not in self._parents:
            return "Parent post does not exist"
        if parent_id == post_id:
            return "Post cannot have itself as a parent"
        old = {post: self._parents[post] for post in (post_id, parent_id) if post is not None}
        if parent_id is not None and self._parents[parent_id] == post_id:
            self._set(parent_id, self._parents[post_id])
        self._set(post_id, parent_id)
        if problem := self._problem(post_id):
            for post, parent in old.items():
                self._set(post, parent)
        return problem

    def _set(self, post_id: int, parent_id: int | None) -> None:
        old = self._parents[post_id]
        if old is not None:
            self._children[old].discard(post_id)
        if parent_id is not None:
            self._children.setdefault(parent_id, set()).add(post_id)
        self._parents[post_id] = parent_id

    def _problem(self, post_id: int) -> str | None:
        parent_id = self._parents[post_id]
        if parent_id is None:
            return None
        if self._levels_above(post_id) + self._levels_below(post_id) + 1 > MAX_LEVELS:
            return f"Post cannot have a parent-child chain more than {MAX_LEVELS} levels deep"
        if len(self._children[parent_id]) > MAX_CHILDREN:
            return f"post #{parent_id} cannot have more than {MAX_CHILDREN} child posts"
        return None

    def _levels_above(self, post_id: int) -> int:
        levels = 0
        ancestor = self._parents.get(post_id)
        while ancestor is not None and levels <= MAX_LEVELS:
            levels += 1
            ancestor = self._parents.get(ancestor)
        return levels

    def _levels_below(self, post_id: int) -> int:
        levels, generation = 0, self._children.get(post_id)
        while generation and levels <= MAX_LEVELS:
            levels += 1
            generation = set().union(*(self._children.get(child, ()) for child in generation))
        return levels
