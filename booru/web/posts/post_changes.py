"""What the versions of posts changed beside tags, for people to read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from booru.models import Post, PostVersion

if TYPE_CHECKING:
    from collections.abc import Iterable

# A condition for each of a thousand places would take the planner seconds.
_VERSIONS_AT = f"""
    SELECT id, post_id, version, rating, source, parent_id_was
    FROM unnest(%s::bigint[], %s::integer[]) AS place (post_id, version)
    JOIN {PostVersion._meta.db_table} USING (post_id, version)
"""  # noqa: S608 -- only names of our own


@dataclass(frozen=True, slots=True)
class Edit:
    """A version; the other fields as (name, before, after)."""

    version: PostVersion
    fields: list[tuple[str, str, str]]


def with_changes(versions: Iterable[PostVersion]) -> list[Edit]:
    """The versions, held against those before them, which are read with one query."""
    versions = list(versions)
    places = [(version.post_id, version.version - 1) for version in versions if version.version > 1]
    before = {(version.post_id, version.version): version for version in _at(places)}
    return [Edit(one, _fields(before.get((one.post_id, one.version - 1)), one)) for one in versions]


def _at(places: list[tuple[int, int]]) -> Iterable[PostVersion]:
    """The versions of these posts with these numbers, with what is compared of them."""
    ids, numbers = [post_id for post_id, _ in places], [number for _, number in places]
    return PostVersion.objects.raw(_VERSIONS_AT, [ids, numbers]) if places else ()


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
