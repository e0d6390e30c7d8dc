"""Words in the edit of a mass update that would do nothing to any post.

Danbooru leaves them out and says nothing, and calls the request approved.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from booru.bulk_update.checking.subjects import Subjects
from booru.bulk_update.words.unknown_names import names_of_no_tag
from booru.posts.actions.child_actions import MAX_CHILDREN
from booru.posts.post_fields import MAX_SOURCE, is_meaningless, post_id_of
from booru.posts.tag_edits.tag_edit_terms import Metatag, read_terms
from booru.posts.tag_edits.tag_edit_terms import Tag as TagTerm
from booru.rules.pool_names import normalize_pool_name, pool_name_errors
from booru.search.language.rewriting import push_negations_down
from booru.search.language.tree import And, Not
from booru.search.language.tree import Metatag as SearchMetatag
from booru.search.language.tree import Tag as SearchTag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from booru.bulk_update.checking.picture import Picture
    from booru.posts.tag_edits.tag_edit import TagEdit
    from booru.search.language import SearchQuery

_ONCE = {"rating", "source", "parent"}
# One takes back what the other does, whatever they are told.
_OPPOSITES = [("fav", "-fav"), ("upvote", "downvote")]


def subjects_of_edit(edit: TagEdit) -> Subjects:
    """What it names that is looked up."""
    named = [(action.name.removeprefix("-"), action.value) for action in edit.actions]
    return Subjects(
        tags=frozenset(filter(None, [*edit.add, *edit.remove, *(name for name, _ in edit.categories)])),
        pools=frozenset(value for name, value in named if name in {"pool", "newpool"}),
        favorite_groups=frozenset(value for name, value in named if name == "favgroup"),
    )


def edit_problem(text: str, edit: TagEdit, picture: Picture) -> str:
    """The first thing that is wrong with the words of an edit; "" when nothing is."""
    return next(_problems(text, edit, picture), "")


def _problems(text: str, edit: TagEdit, picture: Picture) -> Iterator[str]:
    # Danbooru leaves out what it cannot read, and says nothing (behaviour M.8).
    if edit.unread:
        yield f"the edit can't be read from {{{{{edit.unread}}}}} on"
    yield from _refused_tags([*edit.add, *(name for name, _ in edit.categories)], picture)
    yield from names_of_no_tag(edit.remove, picture)
    yield from (f"{metatag} means nothing" for metatag in edit.fields if is_meaningless(metatag))
    for metatag in (*edit.fields, *edit.actions):
        yield from (f"{metatag} can't be done: {reason}" for reason in _metatag_problems(metatag, picture))
    yield from _against_each_other(edit, picture)
    yield from _repeated(text)


def _refused_tags(names: Sequence[str], picture: Picture) -> Iterator[str]:
    """Tags that would not be added, for what aliases and abbreviations stand for (behaviour D.2)."""
    for name in names:
        if errors := picture.name_errors(picture.to_aliased(name)):
            yield f"Couldn't add tag: {errors[0]}"
    if "non-web_source" in names:
        yield "non-web_source follows from the source, so it can't be added"


def _metatag_problems(metatag: Metatag, picture: Picture) -> Iterator[str]:
    name, value = metatag
    match name:
        case "source" if len(value) > MAX_SOURCE:
            yield f"Source is too long (maximum is {MAX_SOURCE} characters)"
        case "status" if value not in {"active", "banned"}:
            yield "a post's status can be set to active or banned"
        case "-status" if value != "banned":
            yield "only banned can be taken back"
        case "fav" | "-fav" | "upvote" | "downvote" if value not in {
            "",
            "self",
            "me",
            picture.system.name.lower(),
        }:
            yield "only the site's own account would do it"
        case "disapproved":
            yield "posts cannot be disapproved here"
        case "child" | "-child" if metatag != ("child", "none"):
            ids = value.split(",")
            if len(ids) > MAX_CHILDREN or not all(map(post_id_of, ids)):
                yield f"name up to {MAX_CHILDREN} posts by their ids"
        case "favgroup" | "-favgroup":
            if value not in picture.favorite_groups:
                yield "the site's own account has no such favorite group"
        case "pool" | "-pool" | "newpool" if metatag != ("pool", "none"):
            yield from _pool_problems(value, picture, is_new=name == "newpool")


def _pool_problems(value: str, picture: Picture, *, is_new: bool) -> Iterator[str]:
    """A pool that does not exist yet may be made until then; one against the rules may not."""
    errors = pool_name_errors(normalize_pool_name(value))
    is_id = not is_new and post_id_of(value) is not None
    if errors and not is_id and value not in picture.pools:
        yield f"a pool's name {errors[0]}"


def _against_each_other(edit: TagEdit, picture: Picture) -> Iterator[str]:
    removed = {picture.to_aliased(name) for name in edit.remove}
    both = (name for name in edit.add if picture.to_aliased(name) in removed)
    yield from (f"{name} is both added and removed" for name in both)
    for name, times in Counter(metatag.name for metatag in set(edit.fields)).items():
        if name in _ONCE and times > 1:
            yield f"'{name}:' can't be used more than once."
    for name, categories in _by_name(edit.categories).items():
        if len(categories) > 1:
            yield f"{name} can't have more than one category"
    metatags = {*edit.fields, *edit.actions}
    names = {metatag.name for metatag in metatags}
    for metatag in (*edit.fields, *edit.actions):
        if Metatag(f"-{metatag.name}", metatag.value) in metatags:
            yield f"{metatag} and -{metatag} can't be used together."
    yield from (
        f"{one}: and {other}: can't be used together." for one, other in _OPPOSITES if {one, other} <= names
    )


def _by_name(categories: Iterable[tuple[str, int]]) -> dict[str, set[int]]:
    by_name: dict[str, set[int]] = {}
    for name, category in categories:
        by_name.setdefault(name, set()).add(category)
    return by_name


def _repeated(text: str) -> Iterator[str]:
    terms, _ = read_terms(text)
    for term, times in Counter(terms).items():
        if times > 1:
            sign = "-" if isinstance(term, TagTerm) and term.is_removed else ""
            shown = f"{sign}{term.name}" if isinstance(term, TagTerm) else term
            yield f"{shown} can't be used more than once."


def changes_nothing(query: SearchQuery, edit: TagEdit, picture: Picture) -> bool:
    """Is every post that the search finds, whichever they are, already as the edit would make it?"""
    tree = push_negations_down(picture.with_aliases(query).tree)
    parts = set(tree.children) if isinstance(tree, And) else {tree}
    there = {part.name for part in parts if isinstance(part, SearchTag)}
    missing = {
        part.child.name for part in parts if isinstance(part, Not) and isinstance(part.child, SearchTag)
    }
    ratings = {
        part.value.lower()[:1] for part in parts if isinstance(part, SearchMetatag) and _is_rating(part)
    }
    wanted = {metatag.value[:1] for metatag in edit.fields if metatag.name == "rating"}
    is_about_more = edit.categories or edit.actions or len(edit.fields) > len(wanted)
    return (
        not is_about_more
        and there.issuperset(map(picture.to_aliased, edit.add))
        and missing.issuperset(map(picture.to_aliased, edit.remove))
        and wanted <= ratings
    )


def _is_rating(term: SearchMetatag) -> bool:
    return term.name == "rating" and "," not in term.value
