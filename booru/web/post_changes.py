"""What the versions of posts changed beside tags, for people to read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import Q

from booru.models import Post, PostVersion

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Edit:
    """A version; the other fields as (name, before, after)."""

    version: PostVersion
    fields: list[tuple[str, str, str]]


def with_changes(versions: Iterable[PostVersion]) -> list[Edit]:
    """The versions, held against those before them, which are read with one query."""
    versions = list(versions)
    places = [Q(post=version.post_id, version=version.version - 1) for version in versions]
    found = PostVersion.objects.filter(reduce(or_, places)) if places else ()
    before = {(version.post_id, version.version): version for version in found}
    return [Edit(one, _fields(before.get((one.post_id, one.version - 1)), one)) for one in versions]


def _fields(old: PostVersion | None, new: PostVersion) -> list[tuple[str, str, str]]:
    if old is None:
        return []
    was, now = _readable(old), _readable(new)
    return [(name, was[name], now[name]) for name in now if was[name] != now[name]]


def _readable(version: PostVersion) -> dict[str, str]:
    return {
        "Rating": Post.Rating(version.rating).label if version.rating in Post.Rating.values else "none",
        "Source": version.source or "none",
        "Parent": f"post #{version.parent_id_was}" if version.parent_id_was else "none",
    }
