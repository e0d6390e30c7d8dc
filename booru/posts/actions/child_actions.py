"""The metatags `child:` and `-child:`, which give other posts another parent (behaviour D.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.models import Post
from booru.posts.actions.metatag_actions import Problem
from booru.posts.post_fields import post_id_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from booru.posts.actions.family import Family
    from booru.posts.post_rows import PostRow
    from booru.posts.tag_edits.tag_edit import TagEdit
    from booru.posts.tag_edits.tag_edit_terms import Metatag

_CHILD = {"child", "-child"}
_PARENT = {"parent", "-parent"}
MAX_CHILDREN = 10


def concerns_family(edit: TagEdit) -> bool:
    """Does the edit change who is whose parent?"""
    return any(metatag.name in _CHILD for metatag in edit.actions) or any(
        metatag.name in _PARENT for metatag in edit.fields
    )


def relatives_of(post_ids: Sequence[int], edit: TagEdit) -> list[int]:
    """The other posts that the edit is about, so that they are locked together with these."""
    named = [post_id_of(metatag.value) for metatag in edit.fields if metatag.name in _PARENT]
    for metatag in edit.actions:
        if metatag.name in _CHILD:
            named += _ids(metatag)
            if metatag == ("child", "none"):
                named += Post.objects.filter(parent__in=post_ids).values_list("pk", flat=True)
    return [post_id for post_id in named if post_id]


def move_children(
    family: Family, post_id: int, locked: Iterable[PostRow], metatags: Sequence[Metatag]
) -> list[Problem]:
    """Carry these metatags out for a post, in the family alone; only posts that are locked can be moved."""
    metatags = [metatag for metatag in metatags if metatag.name in _CHILD]
    if not metatags:
        return []
    known = {row.id for row in locked}
    return [problem for metatag in metatags for problem in _move(family, post_id, known, metatag)]


def _move(family: Family, post_id: int, locked: set[int], metatag: Metatag) -> list[Problem]:
    if metatag == ("child", "none"):
        for child in family.children_of(post_id):
            if child in locked:
                family.move(child, None)
        return []
    children = _ids(metatag)
    if not children:
        return [Problem(metatag, "name up to 10 posts by their ids", post_id)]
    problems = []
    for child in children:
        if child not in locked:
            problems.append(Problem(metatag, f"post #{child} does not exist", post_id))
        elif metatag.name == "child":
            reason = family.move(child, post_id)
            problems += [Problem(metatag, reason, post_id)] if reason else []
        elif family.parent_of(child) == post_id:
            family.move(child, None)
    return problems


def _ids(metatag: Metatag) -> list[int]:
    ids = [post_id_of(text) for text in metatag.value.split(",")[:MAX_CHILDREN]]
    return [post_id for post_id in ids if post_id]
