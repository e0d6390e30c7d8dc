"""What searches read of posts, and what edits write (behaviour D.2, D.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.bulk_update.waiting.touched import Touched, together
from booru.rules.tag_names import normalize_tag_name
from booru.search.language.tree import Metatag, Tag, Wildcard, terms_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from booru.posts.tag_edits.tag_edit import TagEdit
    from booru.posts.tag_edits.tag_edit_terms import Metatag as EditMetatag
    from booru.search.language import SearchQuery

_POOLS = {"pool", "-pool", "newpool", "ordpool"}
_KINDS_OF_POOLS = {"none", "any", "series", "collection"}
# What no edit changes.
_LASTING = {
    *("id", "user", "md5", "width", "height", "mpixels", "ratio", "filesize", "filetype", "date", "age"),
    *("order", "limit", "random"),
}
_OPINIONS = {"fav", "-fav", "upvote", "downvote", "ordfav", "favcount", "upvotes", "downvotes", "score"}
_FIELDS = {
    **dict.fromkeys(["rating", "source"]),
    **dict.fromkeys(["parent", "-parent", "child", "-child"], "family"),
    **dict.fromkeys(["child_count", "deleted_child_count", "active_child_count"], "family"),
    **dict.fromkeys(["status", "-status", "approver"], "status"),
    **dict.fromkeys(["favgroup", "-favgroup", "ordfavgroup"], "favorite groups"),
    **dict.fromkeys(_OPINIONS, "opinions"),
}
_BY_QUESTION = frozenset({"rating", "source", "family", "status"})
# These come and go with every edit of a post.
_FOLLOWING = {"tagme", "non-web_source"}


def touched_by_search(query: SearchQuery) -> Touched:
    """What decides which posts are found; not all, when it is no question of tags alone."""
    return together(map(_read, terms_of(query.tree))) | Touched(is_bounded=bool(query.required_tags))


def touched_by_edit(edit: TagEdit) -> Touched:
    given = frozenset(filter(None, [*edit.add, *(name for name, _ in edit.categories)]))
    removed = frozenset([*edit.remove, *edit.drop])
    written = together(map(_written, (*edit.fields, *edit.actions)))
    return Touched(tags=given | removed, given=given) | written


def _read(term: Tag | Wildcard | Metatag) -> Touched:
    match term:
        case Tag(name):
            return Touched(tags=frozenset({name}), is_bounded=name not in _FOLLOWING)
        case Metatag("unaliased", value):
            return Touched(tags=frozenset({normalize_tag_name(value)}))
        case Metatag(name, value) if name in _POOLS:
            return _pool(value)
        case Metatag("is" | "has"):
            return Touched(read=_BY_QUESTION, is_bounded=term.value.lower() != "pools")
        case Metatag(name):
            return Touched(read=frozenset(_fields(name)), is_bounded=name in _LASTING or name in _FIELDS)
    # Which tags a wildcard stands for depends on all of them.
    return Touched(is_bounded=False)


def _written(metatag: EditMetatag) -> Touched:
    if metatag.name in _POOLS:
        return _pool(metatag.value)
    return Touched(written=frozenset(_fields(metatag.name)))


def _fields(name: str) -> Iterator[str]:
    if name in _FIELDS:
        yield _FIELDS[name] or name


def _pool(value: str) -> Touched:
    is_one = value.lower() not in _KINDS_OF_POOLS and "*" not in value
    return Touched(pools=frozenset({value}) if is_one else frozenset(), is_bounded=is_one)
